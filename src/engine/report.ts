import {
  type OutputExcerpt,
  type ReportModel,
  type ReportStep,
  reportJson,
  reportModel,
} from '../core/ledger/report.ts';
import { picturesToShow } from '../core/ledger/report-attachments.ts';
import { reportHtml } from '../core/ledger/report-html.ts';
import { reportMarkdown } from '../core/ledger/report-markdown.ts';
import type { Store } from '../store/open.ts';
import { estimatesFor } from './estimates.ts';
import { readRun } from './read-run.ts';
import { verifyRun } from './record.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** The start and the end of an output that a report shows, each in bytes. */
const EXCERPT = 32 * 1024;

type Format = 'html' | 'md' | 'json';

/** The report of a run, as one self-contained text. Throws MusterError. */
export function makeReport(store: Store, run: string, format: Format): string {
  const { runbook, state } = readRun(store, run);
  const model = reportModel({
    state,
    runbook,
    events: store.events.read(run),
    output: (step, attempt) => excerptOf(store, run, step, attempt),
    chain: verifyRun(store, run),
    estimates: state.mode === 'rehearsal' ? estimatesFor(store, run) : null,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    writtenAt: new Date().toISOString(),
  });
  if (format === 'json') return reportJson(model);
  return format === 'md' ? reportMarkdown(model) : reportHtml(model, picturesOf(store, model));
}

/** What is missing or damaged is only named, as `chain` says why. */
function picturesOf(store: Store, model: ReportModel): Map<string, string> {
  const all = [...model.attachments, ...stepsIn(model).flatMap((step) => step.attachments)];
  const pictures = new Map<string, string>();
  for (const sha256 of picturesToShow(all)) {
    const bytes = unlessDamaged(() => Buffer.concat([...store.attachments.read(sha256)]));
    if (bytes !== undefined && bytes.length > 0) pictures.set(sha256, bytes.toString('base64'));
  }
  return pictures;
}

function stepsIn(model: ReportModel): ReportStep[] {
  return model.phases.flatMap((phase) => phase.steps);
}

function excerptOf(store: Store, run: string, step: string, attempt: number): OutputExcerpt | null {
  const { kept } = store.outputs.size(run, step, attempt);
  if (kept === 0) return null;
  const notKept = store.outputs.leftOut(run, step, attempt);
  const text = (from: number, bytes: number): string =>
    Buffer.concat(store.outputs.read(run, step, attempt, from, bytes).map((chunk) => chunk.bytes))
      .subarray(0, bytes)
      .toString('utf8');
  if (kept <= 2 * EXCERPT && notKept === null) {
    return { start: text(0, kept), leftOutBytes: 0, end: '', notKept };
  }
  if (notKept !== null) {
    // The start and the end belong to different sides of what is missing.
    const start = Math.min(EXCERPT, notKept.at);
    const end = Math.min(EXCERPT, kept - notKept.at);
    return {
      start: text(0, start),
      leftOutBytes: kept - start - end,
      end: text(kept - end, end),
      notKept,
    };
  }
  return {
    start: text(0, EXCERPT),
    leftOutBytes: kept - 2 * EXCERPT,
    end: text(kept - EXCERPT, EXCERPT),
    notKept,
  };
}
