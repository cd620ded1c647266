import type { BrowserWindow } from 'electron';
import { chooseFolder } from '../dialogs.ts';
import type { Library } from '../library/library.ts';
import type { HandlersOf } from './router.ts';

export function libraryRequests(
  library: Library,
  window: () => BrowserWindow,
): HandlersOf<
  | 'library.list'
  | 'library.search'
  | 'library.addFolder'
  | 'library.addDroppedFolder'
  | 'library.removeFolder'
  | 'library.git'
  | 'library.pin'
  | 'runbook.lastChange'
> {
  return {
    'library.list': () => library.list(),
    'library.search': ({ query, filters }) => library.search(query, filters),
    'library.addFolder': async () => {
      const folder = await chooseFolder(window());
      return folder === null ? null : library.addFolder(folder);
    },
    'library.addDroppedFolder': ({ path }) => library.addFolder(path),
    'library.removeFolder': ({ path }) => library.removeFolder(path),
    'library.git': ({ path }) => library.git(path),
    'library.pin': ({ path, pinned }) => library.pin(path, pinned),
    'runbook.lastChange': ({ path }) => library.lastChange(path),
  };
}
