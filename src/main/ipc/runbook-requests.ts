import type { BrowserWindow } from 'electron';
import { chooseRunbook } from '../dialogs.ts';
import type { Library } from '../library/library.ts';
import type { HandlersOf } from './router.ts';

export function runbookRequests(
  library: Library,
  window: () => BrowserWindow,
): HandlersOf<'runbook.choose' | 'runbook.open'> {
  return {
    'runbook.choose': () => chooseRunbook(window()),
    'runbook.open': ({ path }) => library.open(path),
  };
}
