import { stat } from 'node:fs/promises';
import type { Catalogue } from '../../engine/library/catalogue.ts';
import { type FoundFile, type Scan, scanFolder } from '../../engine/library/scan.ts';

/**
 * When a long reading first tells how far it is, and how often from then on, in ms: the more files
 * there are to be listed again, the less often, so that telling takes a small part of the time.
 */
const FIRST_TELL_MS = 300;
const TELL_MS = 2_000;
const TELL_MS_PER_FILE = 0.25;

export interface ShelfGiven {
  catalogue: Catalogue;
  /** The folder that is always there. */
  bundled: string;
  /** The folders that were added, in order; null when nobody can say now. */
  folders(): string[] | null;
  /** Runbooks that are listed wherever they lie. */
  singles(): string[];
  /** Something is to be listed otherwise than before. */
  changed(): void;
}

/**
 * What lies on disk, as of the last look. Looking goes on beside everything else: what is asked
 * for is answered from the last look, or before the first one from what the catalogue remembers.
 */
export class Shelf {
  readonly #given: ShelfGiven;
  readonly #scans = new Map<string, Scan>();
  #singles = new Map<string, FoundFile>();
  /** All that was found; null before the first look. */
  #files: Map<string, FoundFile> | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  constructor(given: ShelfGiven) {
    this.#given = given;
  }

  /** Looks at the disk; during a look, once more after it. Never throws. */
  look(): Promise<void> {
    if (this.#looking !== null) {
      this.#again = true;
      return this.#looking;
    }
    const looking = this.#lookUntilStill().finally(() => {
      this.#looking = null;
    });
    this.#looking = looking;
    return looking;
  }

  /** The files of a folder of the library, and what is wrong with it. */
  folder(path: string): Looked {
    const scan = this.#scans.get(path);
    if (scan !== undefined) return scan;
    return { files: this.#remembered(path), problems: [] };
  }

  /** One runbook, wherever it lies; null when it is gone or was not looked at yet. */
  single(path: string): FoundFile | null {
    if (this.#files !== null) return this.#files.get(path) ?? null;
    return this.#given.catalogue.remembered().find((file) => file.path === path) ?? null;
  }

  /** Whether anything can be said of this folder before the next look ends. */
  knows(path: string): boolean {
    return this.#scans.has(path) || this.#remembered(path).length > 0;
  }

  /** Every folder that was looked into, to be watched. */
  watched(): string[] {
    return [...this.#scans.values()].flatMap((scan) => scan.folders);
  }

  close(): void {
    this.#isClosed = true;
  }

  async #lookUntilStill(): Promise<void> {
    do {
      this.#again = false;
      await this.#lookOnce();
    } while (this.#again && !this.#isClosed);
  }

  async #lookOnce(): Promise<void> {
    const { catalogue, changed } = this.#given;
    const added = this.#given.folders();
    const folders = [this.#given.bundled, ...(added ?? [])];
    let isDifferent = this.#drop(folders);
    for (const folder of folders) {
      const scan = await scanFolder(folder);
      const before = this.#scans.get(folder) ?? this.folder(folder);
      isDifferent = !sameScan(before, scan) || isDifferent;
      this.#scans.set(folder, scan);
    }
    isDifferent = (await this.#lookAtSingles()) || isDifferent;
    const files = this.#allFiles();
    this.#files = files;
    const pause = TELL_MS + files.size * TELL_MS_PER_FILE;
    let next = Date.now() + FIRST_TELL_MS;
    const tell = (): boolean => {
      if (Date.now() > next) {
        next = Date.now() + pause;
        changed();
      }
      return !this.#isClosed;
    };
    isDifferent = (await catalogue.learn([...files.values()], tell)) || isDifferent;
    if (this.#isClosed) return;
    // What may be listed again soon is not forgotten.
    if (added !== null) catalogue.keepOnly(new Set(files.keys()));
    if (isDifferent) changed();
  }

  #remembered(folder: string): FoundFile[] {
    const isBelow = below(folder);
    const files = this.#given.catalogue.remembered().filter(({ path }) => isBelow(path));
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Lets go of folders that left the library. */
  #drop(folders: readonly string[]): boolean {
    const gone = [...this.#scans.keys()].filter((folder) => !folders.includes(folder));
    for (const folder of gone) this.#scans.delete(folder);
    return gone.length > 0;
  }

  async #lookAtSingles(): Promise<boolean> {
    const before = this.#singles;
    const found = await Promise.all(this.#given.singles().map(foundFile));
    this.#singles = new Map(found.flatMap((file) => (file === null ? [] : [[file.path, file]])));
    return (
      before.size !== this.#singles.size ||
      [...this.#singles.values()].some((file) => !sameFile(before.get(file.path), file))
    );
  }

  #allFiles(): Map<string, FoundFile> {
    const scanned = [...this.#scans.values()].flatMap((scan) => scan.files);
    return new Map([...this.#singles.values(), ...scanned].map((file) => [file.path, file]));
  }
}

/** A file that is gone is left out: it is in nobody's way. */
async function foundFile(path: string): Promise<FoundFile | null> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() ? { path, modifiedMs: stats.mtimeMs, bytes: stats.size } : null;
}

type Looked = Pick<Scan, 'files' | 'problems'>;

function sameScan(before: Looked, now: Looked): boolean {
  return (
    before.files.length === now.files.length &&
    before.files.every((file, index) => sameFile(file, now.files[index])) &&
    before.problems.map(({ what }) => what).join() === now.problems.map(({ what }) => what).join()
  );
}

function sameFile(one: FoundFile | undefined, other: FoundFile | undefined): boolean {
  return (
    one?.path === other?.path &&
    one?.modifiedMs === other?.modifiedMs &&
    one?.bytes === other?.bytes
  );
}

function below(folder: string): (path: string) => boolean {
  const starts = [`${folder.replace(/[/\\]$/, '')}/`, `${folder.replace(/[/\\]$/, '')}\\`];
  return (path) => starts.some((start) => path.startsWith(start));
}
