import type { MessagePortMain } from 'electron';
import { type FromHost, fromHostSchema, type ToHost } from './messages.ts';

/** A started terminal process, as the link needs it; see `host-process.ts` for the real one. */
export interface HostProcess {
  post(message: ToHost): void;
  /** Hands it the page's port. */
  join(port: MessagePortMain): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

export interface HostListener {
  message(message: Exclude<FromHost, { kind: 'pong' }>): void;
  /** The process is gone, and every terminal with it. */
  lost(): void;
}

/** How often the process is asked for a sign of life, in ms. */
const BEAT_MS = 3_000;
/**
 * How many beats may stay unanswered. Beats are counted rather than time, so that the wake-up of a
 * suspended laptop is not taken for a silent process.
 */
const MISSED_BEATS = 3;

/** Starts the terminal process when it is first needed, watches it, and starts a new one when it is lost. */
export class HostLink {
  readonly #start: () => HostProcess;
  readonly #listener: HostListener;
  #process: HostProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #unanswered = 0;

  constructor(start: () => HostProcess, listener: HostListener) {
    this.#start = start;
    this.#listener = listener;
  }

  send(message: ToHost): void {
    // Only a new terminal is a reason to start the process; anything else is for one that is gone.
    if (this.#process === null && message.kind !== 'open') return;
    this.#process ??= this.#begin();
    this.#process.post(message);
  }

  /** Hands the page's port to the process. False when there is none. */
  join(port: MessagePortMain): boolean {
    this.#process?.join(port);
    return this.#process !== null;
  }

  close(): void {
    const ended = this.#process;
    this.#forget();
    ended?.kill();
  }

  #begin(): HostProcess {
    const host = this.#start();
    host.onMessage((message) => this.#receive(host, message));
    host.onExit(() => this.#lose(host));
    this.#unanswered = 0;
    this.#timer = setInterval(() => this.#beat(host), BEAT_MS);
    return host;
  }

  #receive(host: HostProcess, message: unknown): void {
    if (host !== this.#process) return;
    this.#unanswered = 0;
    const { data } = fromHostSchema.safeParse(message);
    if (data === undefined) this.#end(host);
    else if (data.kind !== 'pong') this.#listener.message(data);
  }

  #beat(host: HostProcess): void {
    if (this.#unanswered >= MISSED_BEATS) {
      this.#end(host);
      return;
    }
    this.#unanswered += 1;
    host.post({ kind: 'ping' });
  }

  #end(host: HostProcess): void {
    this.#lose(host);
    host.kill();
  }

  #lose(host: HostProcess): void {
    if (host !== this.#process) return;
    this.#forget();
    this.#listener.lost();
  }

  #forget(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#process = null;
  }
}
