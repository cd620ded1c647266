/**
 * Bytes handed out and not yet drawn at which the process is held back. A view draws as many
 * in less than a tenth of a second, which is also how long it goes on after Ctrl-C.
 */
export const HIGH_WATER = 2_000_000;
/**
 * Bytes not yet drawn at which the process goes on: as many as keep the view busy until more
 * has come all the way to it. With few, each waits for the other most of the time, and a flood
 * takes three times as long (`bench/terminal-flood.bench.ts`).
 */
export const LOW_WATER = 1_000_000;

/**
 * Holds a process back while its reader is behind: a pseudo-terminal that is not read blocks its
 * writer, so memory stays bounded however much is printed.
 */
export class FlowControl {
  #unacknowledged = 0;
  #paused = false;
  readonly #pause: () => void;
  readonly #resume: () => void;

  constructor(source: { pause(): void; resume(): void }) {
    this.#pause = () => source.pause();
    this.#resume = () => source.resume();
  }

  get paused(): boolean {
    return this.#paused;
  }

  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  sent(bytes: number): void {
    this.#unacknowledged += bytes;
    if (!this.#paused && this.#unacknowledged > HIGH_WATER) {
      this.#paused = true;
      this.#pause();
    }
  }

  /** A reader may acknowledge more than it owes, after a replay; that counts as all. */
  acknowledged(bytes: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - bytes);
    if (this.#paused && this.#unacknowledged < LOW_WATER) {
      this.#paused = false;
      this.#resume();
    }
  }
}
