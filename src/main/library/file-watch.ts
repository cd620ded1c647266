import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** How long an editor's saving in several steps is waited for, in ms. */
const GATHER_MS = 120;
/** How often the file is looked at where its folder tells nothing, as on a network share, in ms. */
const POLL_MS = 2_000;

/**
 * Tells when one file is another than it was: written, replaced, gone or back again. Its folder is
 * watched and not the file, because most editors save by putting a new file in the old one's place.
 */
export class FileWatch {
  readonly #changed: (path: string) => void;
  readonly #pollMs: number;
  #path: string | null = null;
  /** Time, size and number of the file as it was seen last; empty when it was not there. */
  #seen: Promise<string> = Promise.resolve('');
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;

  constructor(changed: (path: string) => void, pollMs: number = POLL_MS) {
    this.#changed = changed;
    this.#pollMs = pollMs;
  }

  /** Watches this file from now on, and no other. Call it before the file is read. */
  watch(path: string): void {
    // What is watched already keeps what was seen of it: whoever reads it now need not be the page.
    if (path === this.#path && this.#watcher !== null) return;
    this.close();
    this.#path = path;
    this.#seen = stampOf(path);
    this.#poll = setInterval(() => void this.#look(), this.#pollMs).unref();
    try {
      const name = basename(path);
      const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) this.#soon();
      });
      watcher.on('error', () => watcher.close());
      this.#watcher = watcher;
    } catch {
      // The folder is gone, or the system has no watches left: it is looked at from time to time.
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#path = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#poll !== null) clearInterval(this.#poll);
    this.#timer = null;
    this.#poll = null;
  }

  #soon(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), GATHER_MS);
  }

  async #look(): Promise<void> {
    const path = this.#path;
    if (path === null) return;
    const before = this.#seen;
    const now = stampOf(path);
    const isSame = (await now) === (await before);
    if (isSame || path !== this.#path || before !== this.#seen) return;
    this.#seen = now;
    this.#changed(path);
  }
}

async function stampOf(path: string): Promise<string> {
  const stats = await stat(path).catch(() => null);
  return stats === null ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
