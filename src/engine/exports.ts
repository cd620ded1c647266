import { stat } from 'node:fs/promises';
import { basename, isAbsolute, relative } from 'node:path';
import type { ExportedRunbook, ExportOrigin } from '../core/export/runbook-html.ts';
import { type Problem, toProblem } from '../core/problem.ts';
import { noReviews, type Reviews, reviewStateOf } from '../core/review/state.ts';
import type { Store } from '../store/open.ts';
import { renderApart } from './export-apart.ts';
import { type OpenedRunbook, openRunbook } from './library/open-runbook.ts';
import { scanFolder } from './library/scan.ts';
import { readReviews } from './reviews.ts';

/** What an export is made with; without a store every runbook counts as never reviewed. */
export interface ExportContext {
  store: Store | null;
  version: string;
}

/** One runbook as one self-contained HTML file. */
export function exportRunbook(opened: OpenedRunbook, context: ExportContext): Promise<string> {
  const name = basename(opened.path);
  const books = [exportedOf(opened, name, reviewsFor(context))];
  return renderApart({ title: null, books, origin: originOf(context) });
}

/** The runbooks of some files and folders as one such file, and what of them could not be read. */
export async function exportLibrary(
  title: string,
  paths: readonly string[],
  context: ExportContext,
): Promise<{ html: string; runbooks: number; problems: Problem[] }> {
  const { files, problems } = await markdownIn(paths);
  const reviews = reviewsFor(context);
  const books: ExportedRunbook[] = [];
  for (const file of files) {
    try {
      books.push(exportedOf(await openRunbook(file), nameIn(paths, file), reviews));
    } catch (error) {
      problems.push(toProblem(error));
    }
  }
  const html = await renderApart({ title, books, origin: originOf(context) });
  return { html, runbooks: books.length, problems };
}

/** The Markdown files that some paths name or hold, each once. */
export async function markdownIn(
  paths: readonly string[],
): Promise<{ files: string[]; problems: Problem[] }> {
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch(() => null);
    if (!stats?.isDirectory()) {
      files.add(path);
      continue;
    }
    const scan = await scanFolder(path);
    for (const file of scan.files) files.add(file.path);
    problems.push(...scan.problems);
  }
  return { files: [...files], problems };
}

/** What a reader elsewhere can use of a path: the part below the folder that was exported. */
function nameIn(paths: readonly string[], file: string): string {
  const names = paths.map((path) => relative(path, file) || basename(file));
  return names.find((name) => !name.startsWith('..') && !isAbsolute(name)) ?? basename(file);
}

function exportedOf(opened: OpenedRunbook, path: string, reviews: Reviews): ExportedRunbook {
  return { ...opened, path, review: reviewStateOf(reviews, opened, Date.now()) };
}

function reviewsFor({ store }: ExportContext): Reviews {
  return store === null ? noReviews : readReviews(store);
}

function originOf({ version }: ExportContext): ExportOrigin {
  return {
    writtenAt: new Date().toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    version,
  };
}
