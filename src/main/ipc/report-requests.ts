import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { BrowserWindow } from 'electron';
import { MusterError } from '../../core/problem.ts';
import { chooseReportFile } from '../dialogs.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

export function reportRequests(
  services: Services,
  window: () => BrowserWindow,
): HandlersOf<'report.save'> {
  return {
    'report.save': async ({ run, format }) => {
      const { makeReport } = await import('../../engine/report.ts');
      // Made first: a report that cannot be made should not ask where to put it.
      const report = makeReport(services.store(), run, format);
      const chosen = await chooseReportFile(window(), `${run}.${format}`, format);
      if (chosen === null) return null;
      const file = extname(chosen) === '' ? `${chosen}.${format}` : chosen;
      await writeFile(file, report).catch((error: unknown) => {
        throw notSaved(file, error);
      });
      return file;
    },
  };
}

function notSaved(file: string, error: unknown): MusterError {
  return new MusterError({
    code: 'report-not-saved',
    what: `The report could not be written to ${file}.`,
    safe: 'The record of the run is not affected.',
    next: 'Choose another folder, or free some space, then save it again.',
    place: { file },
    detail: error instanceof Error ? error.message : String(error),
  });
}
