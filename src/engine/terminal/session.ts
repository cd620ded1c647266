import { constants } from 'node:os';
import { FlowControl } from './flow-control.ts';

/** The part of a pseudo-terminal that a session needs; `spawnPty` gives a real one. */
export interface Pty {
  readonly pid: number;
  /** The listener gets bytes that are its own only until it returns. */
  onData(listener: (data: Uint8Array) => void): void;
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): void;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal?: string): void;
}

export interface SessionEnd {
  exitCode: number | null;
  /** Name of the signal that ended the process, such as `SIGHUP`, or null. */
  signal: string | null;
}

export interface SessionListener {
  /** UTF-8, cut anywhere; the array and its memory are the listener's own. */
  data(data: Uint8Array<ArrayBuffer>): void;
  /** After the last data. */
  ended(end: SessionEnd): void;
}

/** How long output is gathered before it is handed on, in ms. */
const GATHER_MS = 5;
/** How much output is handed on at once, in bytes. */
const GATHER_BYTES = 64 * 1024;
/** Where gathering begins: a key's echo needs no more. */
const FIRST_BYTES = 1024;
/** How long a session may take to end after the hang-up, in ms. */
const GRACE_MS = 3_000;
/** How often a held-back session is looked at, in ms; see `#hold`. */
const LOOK_MS = 50;

/**
 * One process in a pseudo-terminal. Output goes out in batches and is held back while the reader
 * is behind; input takes its own way, so an interrupt gets through a flood.
 */
export class TerminalSession {
  readonly #pty: Pty;
  readonly #listener: SessionListener;
  readonly #flow: FlowControl;
  #gathered = new Uint8Array(FIRST_BYTES);
  #filled = 0;
  #gatherTimer: NodeJS.Timeout | null = null;
  #graceTimer: NodeJS.Timeout | null = null;
  #lookTimer: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(pty: Pty, listener: SessionListener) {
    this.#pty = pty;
    this.#listener = listener;
    this.#flow = new FlowControl({ pause: () => this.#hold(), resume: () => this.#release() });
    pty.onData((data) => this.#gather(data));
    pty.onExit((exit) => this.#end(exit));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Bytes handed out that the reader has not drawn yet. */
  get unacknowledged(): number {
    return this.#flow.unacknowledged;
  }

  write(data: string): void {
    if (!this.#ended) this.#pty.write(data);
  }

  resize(columns: number, rows: number): void {
    if (!this.#ended) this.#pty.resize(columns, rows);
  }

  acknowledge(bytes: number): void {
    this.#flow.acknowledged(bytes);
  }

  /** A view was rebuilt: what it had not drawn before is no longer owed. */
  acknowledgeAll(): void {
    this.#flow.acknowledged(this.#flow.unacknowledged);
  }

  /** Hangs up, and kills the process group when it stays. */
  kill(): void {
    if (this.#ended || this.#graceTimer !== null) return;
    this.#signal('SIGHUP');
    this.#graceTimer = setTimeout(() => this.#signal('SIGKILL'), GRACE_MS);
  }

  // A pseudo-terminal's process leads its own process group, so the negative id reaches all of it.
  #signal(signal: 'SIGHUP' | 'SIGKILL'): void {
    if (this.#ended) return;
    if (process.platform === 'win32') {
      this.#pty.kill();
      return;
    }
    try {
      process.kill(-this.#pty.pid, signal);
    } catch {
      // Gone already; its end is on the way.
    }
  }

  #hold(): void {
    this.#pty.pause();
    // node-pty throws the unread rest away 200 ms after the process ended. The rest is at most what
    // the system buffers, so it is read at once when the process is gone, whoever is behind.
    if (this.#lookTimer === null) this.#lookTimer = setInterval(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    try {
      process.kill(this.#pty.pid, 0);
    } catch {
      this.#release();
    }
  }

  #release(): void {
    if (this.#lookTimer !== null) clearInterval(this.#lookTimer);
    this.#lookTimer = null;
    if (!this.#ended) this.#pty.resume();
  }

  #gather(data: Uint8Array): void {
    const wanted = this.#filled + data.length;
    if (wanted > this.#gathered.length) {
      const larger = new Uint8Array(Math.max(wanted, 4 * this.#gathered.length));
      larger.set(this.#gathered.subarray(0, this.#filled));
      this.#gathered = larger;
    }
    this.#gathered.set(data, this.#filled);
    this.#filled = wanted;
    if (wanted >= GATHER_BYTES) this.#flush();
    else if (wanted > 0 && this.#gatherTimer === null) {
      this.#gatherTimer = setTimeout(() => this.#flush(), GATHER_MS);
    }
  }

  #flush(): void {
    if (this.#gatherTimer !== null) clearTimeout(this.#gatherTimer);
    this.#gatherTimer = null;
    if (this.#filled === 0) return;
    // A copy of just what was gathered: whole memory is what crosses to another process.
    const data = this.#gathered.slice(0, this.#filled);
    this.#filled = 0;
    this.#flow.sent(data.length);
    this.#listener.data(data);
  }

  #end(exit: { exitCode: number; signal?: number }): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    if (this.#graceTimer !== null) clearTimeout(this.#graceTimer);
    if (this.#lookTimer !== null) clearInterval(this.#lookTimer);
    const signal = exit.signal ? signalName(exit.signal) : null;
    this.#listener.ended({ exitCode: signal === null ? exit.exitCode : null, signal });
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}
