import { Worker } from 'node:worker_threads';
import {
  type ExportedRunbook,
  type ExportOrigin,
  libraryHtml,
  runbookHtml,
} from '../core/export/runbook-html.ts';

/** What one file is made of; with a title it has an index, else it is the one runbook. */
export interface ExportJob {
  title: string | null;
  books: ExportedRunbook[];
  origin: ExportOrigin;
}

/** Texts of more characters than this are rendered in a thread of their own. */
const LARGE = 8 * 1024;

/** Built files lie one folder below `out/`; the tests run the sources. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? './export-worker.ts' : '../main/export-worker.js',
  import.meta.url,
);

/** Writes the file without keeping the window or a running step waiting: Markdown takes its time. */
export async function renderApart(job: ExportJob): Promise<string> {
  const length = job.books.reduce((sum, { text }) => sum + text.length, 0);
  if (length <= LARGE) return rendered(job);
  try {
    return await inThread(job);
  } catch {
    // Where no thread can be had, a standstill is better than no file.
    return rendered(job);
  }
}

export function rendered({ title, books, origin }: ExportJob): string {
  const [only] = books;
  return title === null && only !== undefined
    ? runbookHtml(only, origin)
    : libraryHtml(title ?? '', books, origin);
}

function inThread(job: ExportJob): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: job });
    worker.once('message', (html: string) => resolve(html));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread ended without an answer.')));
  });
}
