/**
 * Characters handed out and not yet drawn at which the process is held back. A terminal draws this
 * much in some hundredths of a second, which is also what Ctrl-C waits for.
 */
export const HIGH_WATER = 500_000;
/**
 * Characters not yet drawn at which it goes on: enough to keep the view busy until more has come
 * all the way from the process. Near zero, the two would wait for each other most of the time.
 */
export const LOW_WATER = 250_000;

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

  sent(characters: number): void {
    this.#unacknowledged += characters;
    if (!this.#paused && this.#unacknowledged > HIGH_WATER) {
      this.#paused = true;
      this.#pause();
    }
  }

  /** A reader may acknowledge more than it owes, after a replay; that counts as all. */
  acknowledged(characters: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - characters);
    if (this.#paused && this.#unacknowledged < LOW_WATER) {
      this.#paused = false;
      this.#resume();
    }
  }
}
