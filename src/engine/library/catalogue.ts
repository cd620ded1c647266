import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LibraryEntry } from '../../core/library/entry.ts';
import { type Passage, passagesOf } from '../../core/library/passages.ts';
import { MusterError, type Problem, toProblem } from '../../core/problem.ts';
import type { IndexedFile, LibraryIndex } from '../../store/library-index.ts';
import type { Search } from '../../store/library-search.ts';
import type { NoteSearch } from '../../store/note-index.ts';
import type { Notes } from '../../store/open.ts';
import { entryByName, entryOf } from './entry.ts';
import { openRunbook } from './open-runbook.ts';
import type { FoundFile } from './scan.ts';

/** What is known of a file of exactly this time and size: how it is listed, or why it is not. */
interface Known {
  modifiedMs: number;
  bytes: number;
  sha256: string | null;
  entry: LibraryEntry | null;
  problem: Problem | null;
}

/** Files above this are listed by name alone until they are opened, in bytes: parsing takes seconds. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** What is written to the index at once: little, because nothing else happens meanwhile. */
const BATCH_FILES = 20;
const BATCH_BYTES = 256 * 1024;

/** Events of runs that are looked through for notes in one go. */
const NOTES_EVENTS = 5_000;

export interface Listing {
  entries: LibraryEntry[];
  problems: Problem[];
}

type Indexed = IndexedFile & { passages: readonly Passage[] | null };

/**
 * Knows the entries of many files without parsing them at each listing: an entry holds as long as
 * the file keeps its time and size. What is known outlives the app in the index, which may be lost
 * or thrown away at any time; without one the catalogue lists all the same, but finds nothing.
 */
export class Catalogue {
  readonly #openIndex: () => LibraryIndex;
  readonly #known = new Map<string, Known>();
  #index: LibraryIndex | null = null;
  #isLoaded = false;
  #batch: Indexed[] = [];
  #batchBytes = 0;

  constructor(openIndex: () => LibraryIndex) {
    this.#openIndex = openIndex;
  }

  /** What is known of these files now. */
  list(files: readonly FoundFile[]): Listing {
    this.#load();
    const entries: LibraryEntry[] = [];
    const problems: Problem[] = [];
    for (const file of files) {
      const known = this.#current(file);
      if (known?.entry) entries.push(known.entry);
      if (known?.problem) problems.push(known.problem);
    }
    return { entries, problems };
  }

  /** SHA-256 (hex) of the file as it was read last; null when that is not known. */
  sha256Of(path: string): string | null {
    this.#load();
    return this.#known.get(path)?.sha256 ?? null;
  }

  /** The files that were known when Muster ran last, as they were then. */
  remembered(): FoundFile[] {
    this.#load();
    return [...this.#known].map(([path, { modifiedMs, bytes }]) => ({ path, modifiedMs, bytes }));
  }

  /**
   * Reads those of `files` that are new or changed. `onProgress` is called after each that made a
   * difference; when it returns false, the rest is left. Returns whether anything made one.
   */
  async learn(files: readonly FoundFile[], onProgress: () => boolean): Promise<boolean> {
    this.#load();
    let isDifferent = false;
    for (const file of files) {
      if (!this.#isNews(file)) continue;
      if (await this.#learn(file)) {
        isDifferent = true;
        if (!onProgress()) break;
      }
      // Between two files the window and the runs get their turn.
      await nextTurn();
    }
    this.#flush();
    return isDifferent;
  }

  /** Forgets all files but these: they are gone, or not in the library any more. */
  keepOnly(files: ReadonlySet<string>): void {
    const gone = [...this.#known.keys()].filter((path) => !files.has(path));
    for (const path of gone) this.#known.delete(path);
    if (gone.length > 0) this.#write((index) => index.forget(gone));
  }

  search(...question: Parameters<Search>): ReturnType<Search> {
    return this.#asked((index) => index.search(...question));
  }

  /** Takes in what was noted in runs since the last time, wherever that was. */
  async learnNotes(notes: Notes): Promise<void> {
    this.#load();
    while (this.#index !== null) {
      const known = this.#index.notes.place();
      const page = notes.after(known, NOTES_EVENTS);
      const isNews = page.anew || page.place?.row !== known?.row;
      if (isNews) this.#write((index) => index.notes.put(page));
      if (!page.more) return;
      await nextTurn();
    }
  }

  /** The notes of runs with all of the words, newest first. */
  searchNotes(...question: Parameters<NoteSearch>): ReturnType<NoteSearch> {
    return this.#asked((index) => index.notes.search(...question));
  }

  close(): void {
    this.#index?.close();
    this.#index = null;
  }

  #asked<T>(question: (index: LibraryIndex) => T): T {
    this.#load();
    if (this.#index === null) throw new MusterError(noIndex());
    try {
      return question(this.#index);
    } catch (error) {
      this.#discard();
      throw new MusterError(noIndex(error));
    }
  }

  #current(file: FoundFile): Known | undefined {
    const known = this.#known.get(file.path);
    const same = known?.modifiedMs === file.modifiedMs && known.bytes === file.bytes;
    return same ? known : undefined;
  }

  // A permission is given without a change of the file's time, so such a refusal is tried again.
  #isNews(file: FoundFile): boolean {
    const known = this.#current(file);
    return known === undefined || known.problem?.code === 'runbook-unreadable';
  }

  /** Whether the file is another than it was. */
  async #learn(file: FoundFile): Promise<boolean> {
    const before = this.#known.get(file.path);
    const { modifiedMs, bytes } = file;
    try {
      const { entry, sha256, passages } = await read(file);
      this.#known.set(file.path, { modifiedMs, bytes, sha256, entry, problem: null });
      // Of a file that was only touched the words are in the index already.
      const isSame = sha256 !== null && before?.sha256 === sha256;
      this.#put({ modifiedMs, bytes, sha256, entry, passages: isSame ? null : passages });
      return true;
    } catch (error) {
      const problem = toProblem(error);
      this.#known.set(file.path, { modifiedMs, bytes, sha256: null, entry: null, problem });
      if (before?.entry) this.#write((index) => index.forget([file.path]));
      return before?.problem?.what !== problem.what;
    }
  }

  #load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    try {
      this.#index = this.#openIndex();
      for (const { entry, ...file } of this.#index.all()) {
        this.#known.set(entry.path, { ...file, entry, problem: null });
      }
    } catch {
      // Nothing is known; everything is read again.
    }
  }

  #put(file: Indexed): void {
    this.#batch.push(file);
    this.#batchBytes += file.bytes;
    if (this.#batch.length >= BATCH_FILES || this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length > 0) this.#write((index) => index.put(batch));
  }

  #write(work: (index: LibraryIndex) => void): void {
    try {
      if (this.#index !== null) work(this.#index);
    } catch {
      // A full disk or a damaged index costs the search, and time at the next start; nothing else.
      this.#discard();
    }
  }

  #discard(): void {
    try {
      this.#index?.discard();
    } catch {
      // What cannot be deleted is refused or made again at the next start.
    }
    this.#index = null;
  }
}

async function read(
  file: FoundFile,
): Promise<{ entry: LibraryEntry; sha256: string | null; passages: Passage[] }> {
  if (file.bytes > LARGE_BYTES) return { entry: entryByName(file), sha256: null, passages: [] };
  const { runbook, sha256 } = await openRunbook(file.path);
  return { entry: entryOf(file, runbook), sha256, passages: passagesOf(runbook) };
}

function noIndex(error: unknown = null): Problem {
  return {
    code: 'library-index-unusable',
    what: 'The search index of the library cannot be used.',
    safe: 'Every runbook is still listed and opens; the index is made again from the files.',
    next: 'Restart Muster. If it happens again, free some space on the disk of its home folder.',
    ...(error === null ? {} : { detail: String(error) }),
  };
}
