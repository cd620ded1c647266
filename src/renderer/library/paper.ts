import { create } from 'zustand';
import { ask } from '../bridge.ts';
import { report } from '../shell/problems.ts';

/** What was written last, to be said beside what it was made of. */
export const useSaved = create<{ path: string; words: string } | null>()(() => null);

/** Says beside a file's title, or its folder's, what was written. */
export function saySaved(path: string, words: string): void {
  useSaved.setState({ path, words }, true);
}

/** Opens the file in the program that the system has for it. */
export function editRunbook(path: string): void {
  ask('runbook.edit', { path }).catch(report);
}

/** Main asks where to; a dismissed dialog is nothing to talk about. */
export function exportRunbook(path: string, format: 'html' | 'pdf'): void {
  ask('runbook.export', { path, format }).then((file) => {
    if (file !== null) saySaved(path, `Saved to ${file}`);
  }, report);
}

export function printRunbook(path: string): void {
  ask('runbook.print', { path }).then((printed) => {
    if (printed) saySaved(path, 'Sent to the printer');
  }, report);
}

export function exportFolder(path: string, format: 'html' | 'pdf'): void {
  // Of many runbooks it takes minutes.
  saySaved(path, 'Exporting…');
  ask('library.export', { path, format }).then(
    (done) => {
      if (done === null) return saySaved(path, '');
      const books = done.runbooks === 1 ? '1 runbook' : `${done.runbooks} runbooks`;
      const left = done.unread === 0 ? '' : `; ${done.unread} could not be read`;
      saySaved(path, `${books} saved to ${done.file}${left}`);
    },
    (error) => {
      saySaved(path, '');
      report(error);
    },
  );
}
