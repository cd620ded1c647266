import { constants } from 'node:os';
import { FlowControl } from './flow-control.ts';

/** The part of a pseudo-terminal that a session needs; `spawnPty` gives a real one. */
export interface Pty {
  readonly pid: number;
  onData(listener: (data: string) => void): void;
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
  data(data: string): void;
  /** After the last data. */
  ended(end: SessionEnd): void;
}

/** How long output is gathered before it is handed on, in ms. */
const GATHER_MS = 5;
/** How much output is gathered at most, in characters. */
const GATHER_CHARACTERS = 64 * 1024;
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
  #gathered: string[] = [];
  #gatheredCharacters = 0;
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

  /** Characters handed out that the reader has not drawn yet. */
  get unacknowledged(): number {
    return this.#flow.unacknowledged;
  }

  write(data: string): void {
    if (!this.#ended) this.#pty.write(data);
  }

  resize(columns: number, rows: number): void {
    if (!this.#ended) this.#pty.resize(columns, rows);
  }

  acknowledge(characters: number): void {
    this.#flow.acknowledged(characters);
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

  #gather(data: string): void {
    this.#gathered.push(data);
    this.#gatheredCharacters += data.length;
    if (this.#gatheredCharacters >= GATHER_CHARACTERS) this.#flush();
    else if (this.#gatherTimer === null) {
      this.#gatherTimer = setTimeout(() => this.#flush(), GATHER_MS);
    }
  }

  #flush(): void {
    if (this.#gatherTimer !== null) clearTimeout(this.#gatherTimer);
    this.#gatherTimer = null;
    if (this.#gatheredCharacters === 0) return;
    const data = this.#gathered.join('');
    this.#gathered = [];
    this.#gatheredCharacters = 0;
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
