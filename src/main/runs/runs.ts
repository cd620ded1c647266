import type { Services } from '../services.ts';
import { LateSigning } from './late-signing.ts';
import { RunFeed } from './run-feed.ts';
import { RunReader } from './run-reader.ts';
import { RunWatch } from './run-watch.ts';

export interface Runs {
  reader: RunReader;
  feed: RunFeed;
  watch: RunWatch;
  signing: LateSigning;
}

/** The window's view of runs, made with the first request that reaches an open store. */
export class LazyRuns {
  readonly #services: Services;
  #runs: Runs | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Throws MusterError while the store cannot be opened. */
  get(): Runs {
    if (this.#runs === null) {
      const { push } = this.#services;
      const store = this.#services.store();
      const engine = this.#services.engine();
      const isDrivenHere = (run: string): boolean => engine.driven(run) !== null;
      const signing = new LateSigning(store, this.#services.heads(), isDrivenHere);
      this.#runs = {
        reader: new RunReader(store, engine),
        feed: new RunFeed(engine, push),
        watch: new RunWatch(store, engine, push, () => signing.soon()),
        signing,
      };
      signing.soon();
    }
    return this.#runs;
  }

  /** The window has taken the news up to this number; see `RunFeed`. Opens nothing. */
  heard(number: number): void {
    this.#runs?.feed.heard(number);
  }

  close(): void {
    this.#runs?.watch.close();
    this.#runs?.signing.close();
  }
}
