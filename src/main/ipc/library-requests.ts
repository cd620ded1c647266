import type { BrowserWindow } from 'electron';
import { chooseFolder } from '../dialogs.ts';
import type { Library } from '../library/library.ts';
import type { HandlersOf } from './router.ts';

export function libraryRequests(
  library: Library,
  window: () => BrowserWindow,
): HandlersOf<
  'library.list' | 'library.addFolder' | 'library.addDroppedFolder' | 'library.removeFolder'
> {
  return {
    'library.list': () => library.list(),
    'library.addFolder': async () => {
      const folder = await chooseFolder(window());
      return folder === null ? null : library.addFolder(folder);
    },
    'library.addDroppedFolder': ({ path }) => library.addFolder(path),
    'library.removeFolder': ({ path }) => library.removeFolder(path),
  };
}
