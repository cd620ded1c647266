import { writeFile } from 'node:fs/promises';
import { resolve as absolute, basename, extname } from 'node:path';
import { version } from '../../package.json';
import { MusterError } from '../core/problem.ts';
import { exportLibrary, exportRunbook, markdownIn } from '../engine/exports.ts';
import { openRunbook } from '../engine/library/open-runbook.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { describeProblem } from './words.ts';
import { openWorkplace } from './workplace.ts';

/** `muster export PATH… --out FILE.html`: runbooks as one HTML file that needs nothing else. */
export async function exportFiles(given: string[], options: { out: string }): Promise<ExitCode> {
  const from = process.env.INIT_CWD ?? '.';
  const out = absolute(from, options.out);
  if (extname(out).toLowerCase() === '.pdf') throw new MusterError(noPdf());
  const paths = given.map((path) => absolute(from, path));
  const store = openWorkplace();
  try {
    const context = { store, version };
    const { files } = await markdownIn(paths);
    const [only, ...more] = files;
    if (only === undefined) throw new MusterError(nothingThere(given));
    const single = more.length === 0 && paths.includes(only);
    const { html, runbooks, problems } = single
      ? { html: await exportRunbook(await openRunbook(only), context), runbooks: 1, problems: [] }
      : await exportLibrary(basename(paths[0] ?? ''), paths, context);
    await writeFile(out, html).catch((error: unknown) => {
      throw new MusterError(notWritten(out, error));
    });
    for (const problem of problems) process.stderr.write(`${describeProblem(problem)}\n`);
    process.stdout.write(`${runbooks === 1 ? '1 runbook' : `${runbooks} runbooks`}: ${out}\n`);
    return problems.length > 0 ? exitCodes.failed : exitCodes.ok;
  } finally {
    store.close();
  }
}

function noPdf() {
  return {
    code: 'no-pdf-here',
    what: 'The command line writes HTML; PDF is made in the app.',
    safe: 'Nothing was written.',
    next: 'Export to a .html file, and print that; or export the PDF from the runbook in the app.',
  };
}

function nothingThere(paths: readonly string[]) {
  return {
    code: 'nothing-to-export',
    what: `There is no Markdown file in ${paths.join(', ')}.`,
    safe: 'Nothing was written.',
    next: 'Name a .md file, or a folder that holds some.',
  };
}

function notWritten(file: string, error: unknown) {
  return {
    code: 'export-not-saved',
    what: `${file} could not be written.`,
    safe: 'The runbooks are not affected.',
    next: 'Choose another folder, or free some space, then export again.',
    place: { file },
    detail: error instanceof Error ? error.message : String(error),
  };
}
