import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { MusterError, type Problem } from '../../core/problem.ts';
import { type OpenedRunbook, openRunbook } from '../../engine/library/open-runbook.ts';
import { type FoundFile, scanFolder } from '../../engine/library/scan.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';
import type { Services } from '../services.ts';
import { FolderWatch } from './folder-watch.ts';

/** How many runbooks the list of recent ones shows. */
const RECENT = 20;

/** The runbooks that the window lists and opens. */
export class Library {
  readonly #services: Services;
  readonly #bundled: string;
  readonly #watch: FolderWatch;
  #listedFolders: string[] = [];
  readonly #openedFolders = new Set<string>();

  constructor(services: Services, bundled: string) {
    this.#services = services;
    this.#bundled = bundled;
    this.#watch = new FolderWatch(() => services.push('library.changed', undefined));
  }

  async list(): Promise<LibraryGroup[]> {
    const folders = this.#addedFolders();
    const groups: Listed[] = [
      await this.#folder('bundled', this.#bundled, 'Bundled'),
      await this.#recent(),
    ];
    for (const folder of folders) {
      groups.push(await this.#folder('folder', folder, basename(folder)));
    }
    this.#listedFolders = groups.flatMap((group) => group.folders);
    this.#rewatch();
    if (groups.some((group) => !group.complete)) {
      // The window shows what is known and asks again for the rest.
      setTimeout(() => this.#services.push('library.changed', undefined), 0);
    }
    return groups.map((group) => group.group);
  }

  async open(path: string): Promise<OpenedRunbook> {
    if (!isAbsolute(path)) throw new MusterError(notAbsolute(path));
    const opened = await openRunbook(resolve(path));
    this.#openedFolders.add(dirname(opened.path));
    this.#rewatch();
    this.#remember(opened);
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

  close(): void {
    this.#watch.close();
  }

  async #folder(source: 'bundled' | 'folder', path: string, name: string): Promise<Listed> {
    const scan = await scanFolder(path);
    const { entries, problems, complete } = await this.#services.catalogue.list(scan.files);
    const group = { source, path, name, entries, problems: [...scan.problems, ...problems] };
    return { group, folders: scan.folders, complete };
  }

  async #recent(): Promise<Listed> {
    const group = { source: 'recent', path: '', name: 'Recent' } as const;
    try {
      const recents = this.#services.store().recents.list(RECENT);
      const found = await Promise.all(recents.map(({ path }) => foundFile(path)));
      const files = found.filter((file) => file !== null);
      const { entries, problems, complete } = await this.#services.catalogue.list(files);
      return { group: { ...group, entries, problems }, folders: [], complete };
    } catch {
      // Without the store the runbooks can still be read; the list of runs says what is wrong.
      return { group: { ...group, entries: [], problems: [] }, folders: [], complete: true };
    }
  }

  #addedFolders(): string[] {
    try {
      return this.#services
        .store()
        .folders.list()
        .map(({ path }) => path);
    } catch {
      return [];
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
    this.#watch.watch([...this.#openedFolders, ...this.#listedFolders]);
  }
}

interface Listed {
  group: LibraryGroup;
  folders: string[];
  complete: boolean;
}

/** A recent file that is gone is left out: it is in nobody's way. */
async function foundFile(path: string): Promise<FoundFile | null> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() ? { path, modifiedMs: stats.mtimeMs, bytes: stats.size } : null;
}

function notAbsolute(path: string): Problem {
  return {
    code: 'path-not-absolute',
    what: `${path} does not say which folder it is in.`,
    safe: 'Nothing was changed.',
    next: 'Give the whole path.',
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
