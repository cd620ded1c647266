import type { Engine } from '../../engine/api.ts';
import type { Store } from '../../store/open.ts';
import type { Push } from '../ipc/push.ts';

/** How often the store is asked whether anything changed, in ms. */
const LOOK_MS = 1_000;
/** How many runs of other processes are followed for the window; the latest it asked for. */
const FOLLOWED = 8;

/** Notices what other processes record: the command line, or a window with another version. */
export class RunWatch {
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #push: Push;
  readonly #changed: () => void;
  readonly #timer: NodeJS.Timeout;
  /** The last event that the window has, of each run it looks at. */
  readonly #lastSeen = new Map<string, number>();
  #changes: number;

  /** `changed` is called whenever somebody recorded something. */
  constructor(store: Store, engine: Engine, push: Push, changed: () => void) {
    this.#store = store;
    this.#engine = engine;
    this.#push = push;
    this.#changed = changed;
    this.#changes = store.changes();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** The window was given this run up to event `seq`. */
  seen(run: string, seq: number): void {
    this.#lastSeen.delete(run);
    this.#lastSeen.set(run, seq);
    for (const old of [...this.#lastSeen.keys()].slice(0, -FOLLOWED)) this.#lastSeen.delete(old);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    let changes: number;
    try {
      changes = this.#store.changes();
      if (changes === this.#changes) return;
      for (const [run, seq] of this.#lastSeen) this.#tell(run, seq);
    } catch {
      // A store that is busy or full says so to whoever asks it for something; here it can wait.
      return;
    }
    this.#changes = changes;
    this.#push('runs.changed', undefined);
    this.#changed();
  }

  #tell(run: string, seq: number): void {
    // The feed tells what is driven here, and the window leaves out what it has already.
    if (this.#engine.driven(run) !== null) return;
    const events = this.#store.events.read(run, seq);
    const last = events.at(-1);
    if (last === undefined) return;
    this.#lastSeen.set(run, last.seq);
    this.#push('run.events', { run, events });
  }
}
