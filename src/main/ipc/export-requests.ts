import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { BrowserWindow } from 'electron';
import { MusterError } from '../../core/problem.ts';
import type { Store } from '../../store/open.ts';
import { chooseExportFile } from '../dialogs.ts';
import type { Library } from '../library/library.ts';
import { pdfOf, print } from '../paper/paper.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type Format = 'html' | 'pdf';

/** Laying out more than this as pages takes many minutes and gigabytes. In characters of HTML. */
const LARGEST_PDF = 16_000_000;

export function exportRequests(
  services: Services,
  library: Library,
  window: () => BrowserWindow,
): HandlersOf<'runbook.export' | 'runbook.print' | 'library.export'> {
  // Loaded when it is asked for: nothing of it is needed to show the window.
  const exports = () => import('../../engine/exports.ts');
  const context = () => ({ store: storeOf(services), version: services.version });
  return {
    'runbook.export': async ({ path, format }) => {
      // Made first: what cannot be made should not ask where to put it.
      const { exportRunbook } = await exports();
      const html = await exportRunbook(await library.open(path), context());
      const name = basename(path).replace(/\.(md|markdown)$/i, '');
      return save(window(), html, name, format);
    },
    'runbook.print': async ({ path }) => {
      const { exportRunbook } = await exports();
      const html = await exportRunbook(await library.open(path), context());
      return print(html).catch((error: unknown) => {
        throw notPrinted(error);
      });
    },
    'library.export': async ({ path, format }) => {
      const name = basename(path);
      const { exportLibrary } = await exports();
      const { html, runbooks, problems } = await exportLibrary(name, [path], context());
      const file = await save(window(), html, name, format);
      return file === null ? null : { file, runbooks, unread: problems.length };
    },
  };
}

/** A text can be exported without its reviews; the list of runs says what is wrong with the store. */
function storeOf(services: Services): Store | null {
  try {
    return services.store();
  } catch {
    return null;
  }
}

async function save(
  window: BrowserWindow,
  html: string,
  name: string,
  format: Format,
): Promise<string | null> {
  if (format === 'pdf' && html.length > LARGEST_PDF) throw tooLargeForPdf();
  const chosen = await chooseExportFile(window, `${name}.${format}`, format);
  if (chosen === null) return null;
  const file = extname(chosen) === '' ? `${chosen}.${format}` : chosen;
  try {
    await writeFile(file, format === 'pdf' ? await pdfOf(html) : html);
  } catch (error) {
    throw notSaved(file, error);
  }
  return file;
}

function notSaved(file: string, error: unknown): MusterError {
  return new MusterError({
    code: 'export-not-saved',
    what: `${file} could not be written.`,
    safe: 'The runbooks are not affected.',
    next: 'Choose another folder, or free some space, then export again.',
    place: { file },
    detail: error instanceof Error ? error.message : String(error),
  });
}

function tooLargeForPdf(): MusterError {
  return new MusterError({
    code: 'too-large-for-pdf',
    what: 'This is too much text for one PDF: more than about 4,000 pages.',
    safe: 'Nothing was written. The runbooks are not affected.',
    next: 'Export it as HTML, or export a part of it as PDF.',
  });
}

function notPrinted(error: unknown): MusterError {
  return new MusterError({
    code: 'not-printed',
    what: 'The system did not print the runbook.',
    safe: 'The runbook is not affected.',
    next: 'Check that a printer is set up, or export a PDF and print that.',
    detail: error instanceof Error ? error.message : String(error),
  });
}
