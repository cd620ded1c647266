import { type FSWatcher, watch } from 'node:fs';

/** Most folders that are watched: each costs the system a watch, of which it has not many. */
const MAX_FOLDERS = 2_000;
/** How long changes are gathered before they are told, in ms: an editor saves in several steps. */
const GATHER_MS = 200;
/** How often is looked where not everything can be watched, in ms. */
const POLL_MS = 5_000;

/**
 * Tells when something may have changed in any of a changing set of folders. Each folder has a
 * watch of its own: Node's recursive one walks all of a tree at once on Linux, and the window would
 * stand still meanwhile.
 */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #pollMs: number;
  #timer: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;

  constructor(changed: () => void, pollMs: number = POLL_MS) {
    this.#changed = changed;
    this.#pollMs = pollMs;
  }

  /** Watches exactly these folders from now on, not what lies below them. */
  watch(folders: Iterable<string>): void {
    const all = new Set(folders);
    const wanted = new Set([...all].slice(0, MAX_FOLDERS));
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    let missed = all.size > wanted.size;
    for (const folder of wanted) {
      if (!this.#watchers.has(folder)) missed = !this.#begin(folder) || missed;
    }
    this.#pollWhile(missed);
  }

  close(): void {
    this.watch([]);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** False for a folder that is there but cannot be watched. */
  #begin(folder: string): boolean {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#soon());
      watcher.on('error', () => this.#drop(folder, watcher));
      this.#watchers.set(folder, watcher);
      return true;
    } catch (error) {
      // The system has no watches left: everything is looked at from time to time instead.
      return error instanceof Error && 'code' in error && error.code === 'ENOENT';
    }
  }

  #drop(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
    this.#soon();
  }

  #pollWhile(needed: boolean): void {
    if (needed === (this.#poll !== null)) return;
    if (this.#poll !== null) clearInterval(this.#poll);
    this.#poll = needed ? setInterval(() => this.#soon(), this.#pollMs).unref() : null;
  }

  #soon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#changed();
    }, GATHER_MS);
  }
}
