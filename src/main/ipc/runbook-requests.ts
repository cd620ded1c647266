import { type BrowserWindow, shell } from 'electron';
import { MusterError } from '../../core/problem.ts';
import { chooseRunbook } from '../dialogs.ts';
import type { Library } from '../library/library.ts';
import type { OutsideLint } from '../library/outside-lint.ts';
import type { HandlersOf } from './router.ts';

export function runbookRequests(
  library: Library,
  outside: OutsideLint,
  window: () => BrowserWindow,
): HandlersOf<
  | 'runbook.choose'
  | 'runbook.open'
  | 'runbook.edit'
  | 'runbook.lint'
  | 'runbook.markReviewed'
  | 'runbook.adoption'
  | 'runbook.adopt'
> {
  return {
    'runbook.choose': () => chooseRunbook(window()),
    'runbook.open': ({ path }) => library.open(path),
    'runbook.lint': async (file) => outside.find(await library.readShown(file)),
    'runbook.markReviewed': async ({ line, ...file }) => {
      const { markCommandReviewed } = await import('../../engine/library/mark-reviewed.ts');
      return markCommandReviewed(await library.readShown(file), line);
    },
    'runbook.adoption': async (file) => {
      const { adoptionOf } = await import('../../engine/library/adoption.ts');
      return adoptionOf(await library.readShown(file));
    },
    'runbook.adopt': async (file) => {
      const { adoptGuide } = await import('../../engine/library/adoption.ts');
      return adoptGuide(await library.readShown(file));
    },
    'runbook.edit': async ({ path }) => {
      // Read first: only a Markdown file that is there is handed to another program.
      const opened = await library.open(path);
      const refused = await shell.openPath(opened.path);
      if (refused !== '') throw noEditor(opened.path, refused);
    },
  };
}

function noEditor(file: string, detail: string): MusterError {
  return new MusterError({
    code: 'no-editor',
    what: 'The system has no program that opens Markdown files, or it did not start.',
    safe: 'The file was not touched.',
    next: 'Choose a program for .md files in the system settings, or open the file in your editor yourself; what you save shows here at once.',
    place: { file },
    detail,
  });
}
