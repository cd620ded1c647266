import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LibraryEntry } from '../../core/library/entry.ts';
import type { LibraryFilters } from '../../core/library/filters.ts';
import { MusterError, type Problem } from '../../core/problem.ts';
import {
  type FolderInGit,
  folderInGit,
  type LastChange,
  lastChange,
} from '../../engine/library/git.ts';
import { type OpenedRunbook, openRunbook } from '../../engine/library/open-runbook.ts';
import { isRunbookName } from '../../engine/library/read-runbook.ts';
import type { LibraryGroup, RequestOut } from '../../shared/ipc.ts';
import type { Store } from '../../store/open.ts';
import type { Services } from '../services.ts';
import { FileWatch } from './file-watch.ts';
import { FolderWatch } from './folder-watch.ts';
import { withReviews } from './review-marks.ts';
import { Shelf } from './shelf.ts';
import { titleOrder } from './title-order.ts';

/** How many runbooks the list of recent ones shows. */
const RECENT = 20;
/** How long the first list waits for the first look at the disk, in ms; a small library is whole then. */
const PATIENCE_MS = 400;
/** Most runbooks, and most notes, that one search answers with. */
const MOST_HITS = 50;

/** The runbooks that the window lists, finds and opens. */
export class Library {
  readonly #services: Services;
  readonly #bundled: string;
  readonly #watch: FolderWatch;
  readonly #shelf: Shelf;
  readonly #openFile: FileWatch;
  readonly #openedFolders = new Set<string>();
  readonly #byTitle = titleOrder();

  constructor(services: Services, bundled: string) {
    this.#services = services;
    this.#bundled = bundled;
    this.#shelf = new Shelf({
      catalogue: services.catalogue,
      bundled,
      folders: () => this.#addedFolders(),
      singles: () => [...this.#pinned(), ...this.#recents()],
      changed: () => services.push('library.changed', undefined),
    });
    this.#watch = new FolderWatch(() => this.#look());
    this.#openFile = new FileWatch((path) => services.push('runbook.changed', { path }));
  }

  async list(): Promise<LibraryGroup[]> {
    const looked = this.#look();
    const folders = this.#addedFolders() ?? [];
    const isNew = [this.#bundled, ...folders].some((folder) => !this.#shelf.knows(folder));
    if (isNew) await Promise.race([looked, delay(PATIENCE_MS)]);
    return [
      this.#singles('pinned', 'Pinned', this.#pinned()),
      this.#folder('bundled', this.#bundled, 'Bundled'),
      this.#singles('recent', 'Recent', this.#recents()),
      ...folders.map((folder) => this.#folder('folder', folder, basename(folder))),
    ];
  }

  async search(query: string, filters: LibraryFilters): Promise<RequestOut<'library.search'>> {
    const { catalogue } = this.#services;
    await this.#learnNotes();
    const accepts = this.#inReview(filters.review);
    const { hits, more } = catalogue.search(query, filters, MOST_HITS, accepts);
    const entries = this.#reviewed(hits.map(({ entry }) => entry));
    const noted = catalogue.searchNotes(query, filters, MOST_HITS, accepts);
    return {
      hits: hits.map((hit, index) => ({ ...hit, entry: entries[index] ?? hit.entry })),
      more,
      notes: noted.notes,
      moreNotes: noted.more,
    };
  }

  async open(path: string): Promise<OpenedRunbook> {
    const file = wholePath(path);
    this.#openFile.watch(file);
    const opened = await openRunbook(file);
    this.#openedFolders.add(dirname(opened.path));
    this.#remember(opened);
    if (this.#shelf.single(opened.path) === null) void this.#look();
    else this.#rewatch();
    return opened;
  }

  /** Reads the file if it still holds the text that the window shows. */
  async readShown({ path, sha256 }: { path: string; sha256: string }): Promise<OpenedRunbook> {
    const opened = await openRunbook(wholePath(path));
    if (opened.sha256 !== sha256) throw new MusterError(changedSinceShown(path));
    return opened;
  }

  /** Adds a folder and returns its path as it is listed. */
  async addFolder(path: string): Promise<string> {
    const folder = resolve(path);
    const stats = isAbsolute(path) ? await stat(folder).catch(() => null) : null;
    if (!stats?.isDirectory()) throw new MusterError(notAFolder(path));
    this.#services.store().folders.add(folder);
    this.#services.push('library.changed', undefined);
    return folder;
  }

  removeFolder(path: string): void {
    this.#services.store().folders.remove(path);
    this.#services.push('library.changed', undefined);
  }

  pin(path: string, pinned: boolean): void {
    if (!isAbsolute(path) || !isRunbookName(path)) throw new MusterError(notAbsolute(path));
    const { pins } = this.#services.store();
    if (pinned) pins.add(resolve(path));
    else pins.remove(resolve(path));
    this.#services.push('library.changed', undefined);
  }

  /** What git says of a folder of the library; null for any other. */
  async git(folder: string): Promise<FolderInGit | null> {
    return this.#addedFolders()?.includes(folder) ? folderInGit(folder) : null;
  }

  async lastChange(path: string): Promise<LastChange | null> {
    return isAbsolute(path) && isRunbookName(path) ? lastChange(resolve(path)) : null;
  }

  close(): void {
    this.#shelf.close();
    this.#watch.close();
    this.#openFile.close();
  }

  async #look(): Promise<void> {
    await this.#shelf.look();
    this.#rewatch();
  }

  #folder(source: 'bundled' | 'folder', path: string, name: string): LibraryGroup {
    const { files, problems } = this.#shelf.folder(path);
    const listing = this.#services.catalogue.list(files);
    return {
      ...{ source, path, name, entries: this.#byTitle(this.#reviewed(listing.entries)) },
      unread: files.length - listing.entries.length - listing.problems.length,
      problems: [...problems, ...listing.problems],
    };
  }

  #singles(source: 'pinned' | 'recent', name: string, paths: readonly string[]): LibraryGroup {
    const files = paths.map((path) => this.#shelf.single(path)).filter((file) => file !== null);
    const { entries, problems } = this.#services.catalogue.list(files);
    return { source, path: '', name, entries: this.#reviewed(entries), unread: 0, problems };
  }

  #reviewed(entries: LibraryEntry[]): LibraryEntry[] {
    const { catalogue } = this.#services;
    return this.#fromStore((store) => withReviews(store, catalogue, entries)) ?? entries;
  }

  async #learnNotes(): Promise<void> {
    const notes = this.#fromStore((store) => store.notes);
    try {
      if (notes !== null) await this.#services.catalogue.learnNotes(notes);
    } catch {
      // What is known already is found; the list of runs says what is wrong with the store.
    }
  }

  /** The index does not know of reviews: they age by themselves. */
  #inReview(wanted: LibraryFilters['review']): ((path: string) => boolean) | undefined {
    if (wanted === null) return undefined;
    const { catalogue } = this.#services;
    const all = this.#reviewed(catalogue.list(catalogue.remembered()).entries);
    const paths = new Set(all.flatMap(({ review, path }) => (review === wanted ? [path] : [])));
    return (path) => paths.has(path);
  }

  #addedFolders(): string[] | null {
    return this.#fromStore((store) => store.folders.list().map(({ path }) => path));
  }

  #pinned(): string[] {
    return this.#fromStore((store) => store.pins.list()) ?? [];
  }

  #recents(): string[] {
    return this.#fromStore((store) => store.recents.list(RECENT).map(({ path }) => path)) ?? [];
  }

  // Without the store the runbooks can still be read; the list of runs says what is wrong with it.
  #fromStore<T>(read: (store: Store) => T): T | null {
    try {
      return read(this.#services.store());
    } catch {
      return null;
    }
  }

  #remember(opened: OpenedRunbook): void {
    try {
      this.#services.store().recents.touch(opened.path, opened.runbook.title);
    } catch {
      // Reading goes on without the store; the list of runs says what is wrong with it.
    }
  }

  #rewatch(): void {
    this.#watch.watch([...this.#openedFolders, ...this.#shelf.watched()]);
  }
}

function wholePath(path: string): string {
  if (!isAbsolute(path)) throw new MusterError(notAbsolute(path));
  return resolve(path);
}

function notAbsolute(path: string): Problem {
  return {
    code: 'path-not-absolute',
    what: `${path} does not say which folder it is in.`,
    safe: 'Nothing was changed.',
    next: 'Give the whole path.',
  };
}

function changedSinceShown(path: string): Problem {
  return {
    code: 'runbook-changed',
    what: `${path} was changed since it was shown here.`,
    safe: 'Nothing was recorded or written.',
    next: 'Look at the text as it is now, then try again.',
    place: { file: path },
  };
}

function notAFolder(path: string): Problem {
  return {
    code: 'not-a-folder',
    what: `${path} is not a folder.`,
    safe: 'The library is as it was.',
    next: 'Choose a folder. A single runbook can be opened by itself.',
    place: { file: path },
  };
}
