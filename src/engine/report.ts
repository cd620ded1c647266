import { type OutputExcerpt, reportJson, reportModel } from '../core/ledger/report.ts';
import { reportHtml } from '../core/ledger/report-html.ts';
import { reportMarkdown } from '../core/ledger/report-markdown.ts';
import type { Store } from '../store/open.ts';
import { readRun } from './read-run.ts';
import { verifyRun } from './record.ts';

/** The start and the end of an output that a report shows, each in bytes. */
const EXCERPT = 32 * 1024;

const formats = { html: reportHtml, md: reportMarkdown, json: reportJson } as const;

/** The report of a run, as one self-contained text. Throws MusterError. */
export function makeReport(store: Store, run: string, format: keyof typeof formats): string {
  const { runbook, state } = readRun(store, run);
  const model = reportModel({
    state,
    runbook,
    events: store.events.read(run),
    output: (step, attempt) => excerptOf(store, run, step, attempt),
    chain: verifyRun(store, run),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    writtenAt: new Date().toISOString(),
  });
  return formats[format](model);
}

function excerptOf(store: Store, run: string, step: string, attempt: number): OutputExcerpt | null {
  const { kept } = store.outputs.size(run, step, attempt);
  if (kept === 0) return null;
  const text = (from: number, bytes: number): string =>
    Buffer.concat(store.outputs.read(run, step, attempt, from, bytes).map((chunk) => chunk.bytes))
      .subarray(0, bytes)
      .toString('utf8');
  if (kept <= 2 * EXCERPT) return { start: text(0, kept), leftOutBytes: 0, end: '' };
  return {
    start: text(0, EXCERPT),
    leftOutBytes: kept - 2 * EXCERPT,
    end: text(kept - EXCERPT, EXCERPT),
  };
}
