import { drivesElsewhere } from '../../engine/holder.ts';
import type { HeadSigner } from '../../engine/keys/sign-heads.ts';
import type { Store } from '../../store/open.ts';

/** Between two runs, in ms: to check a long ledger holds the window up for a moment. */
const PAUSE_MS = 500;

/**
 * Signs runs that somebody recorded who could not open the key: the command line, or a Muster from
 * before there were signatures. One at a time, and none that is under way.
 */
export class LateSigning {
  readonly #store: Store;
  readonly #heads: HeadSigner;
  readonly #isDrivenHere: (run: string) => boolean;
  /** Runs that cannot be signed, because their events do not verify. */
  readonly #refused = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(store: Store, heads: HeadSigner, isDrivenHere: (run: string) => boolean) {
    this.#store = store;
    this.#heads = heads;
    this.#isDrivenHere = isDrivenHere;
  }

  /** Something was recorded. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.#signOne(), PAUSE_MS);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #signOne(): void {
    this.#timer = null;
    try {
      const run = this.#heads.unsigned().find((candidate) => this.#mayBeSigned(candidate));
      if (run === undefined) return;
      // Whatever comes of it: it is not tried twice, unless it was signed and went on.
      this.#refused.add(run);
      this.#heads.sign(run);
      if (!this.#heads.unsigned().includes(run)) this.#refused.delete(run);
      this.soon();
    } catch {
      // A store that is busy, full or damaged says so to whoever asks it for something.
    }
  }

  #mayBeSigned(run: string): boolean {
    if (this.#refused.has(run) || this.#isDrivenHere(run)) return false;
    const holder = this.#store.leases.of(run);
    return holder === null || !drivesElsewhere(holder);
  }
}
