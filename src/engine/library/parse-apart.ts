import type { Runbook } from '../../core/runbook/model.ts';

/** A text of more characters is parsed in a thread of its own; one of fewer takes 0.1 s at most. */
const LARGE = 1024 * 1024;

/** Built files lie one folder below `out/`; the tests run the sources. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? './parse-worker.ts' : '../main/parse-worker.js',
  import.meta.url,
);

/** Parses a text without keeping the window or a running step waiting, however long it is. */
export async function parseApart(text: string): Promise<Runbook> {
  if (text.length <= LARGE) return parseHere(text);
  try {
    return await inThread(text);
  } catch {
    // Where no thread can be had, a short standstill is better than no runbook.
    return parseHere(text);
  }
}

/** The parser is loaded with the first text: a window that shows its library reads none. */
async function parseHere(text: string): Promise<Runbook> {
  const { parse } = await import('../../core/runbook/parse.ts');
  return parse(text);
}

async function inThread(text: string): Promise<Runbook> {
  const { Worker } = await import('node:worker_threads');
  return new Promise((resolve, reject) => {
    const worker = new Worker(thread, { workerData: text });
    worker.once('message', (runbook: Runbook) => resolve(runbook));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread ended without an answer.')));
  });
}
