import { type FSWatcher, watch } from 'node:fs';

/** Most folders that are watched; in a larger library changes show at the next listing. */
const MAX_FOLDERS = 200;
/** How long changes are gathered before they are told, in ms: an editor saves in several steps. */
const GATHER_MS = 200;

/** Tells when something changes in any of a changing set of folders. */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches exactly these folders from now on, not what lies below them. */
  watch(folders: Iterable<string>): void {
    const wanted = new Set([...folders].slice(0, MAX_FOLDERS));
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#begin(folder);
  }

  close(): void {
    this.watch([]);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#soon());
      watcher.on('error', () => this.#drop(folder, watcher));
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone, or the system has no watches left: the next listing shows what changed.
    }
  }

  #drop(folder: string, watcher: FSWatcher): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
    this.#soon();
  }

  #soon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#changed();
    }, GATHER_MS);
  }
}
