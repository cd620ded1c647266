import { createHash } from 'node:crypto';
import { type ChainCheck, verifyChain } from '../core/ledger/chain.ts';
import { MusterError } from '../core/problem.ts';
import type { BodyOf, EventBody, RunEvent } from '../core/run/events.ts';
import { fold } from '../core/run/reduce.ts';
import { type RunSummaryCore, runSummaryCoreSchema, summarise } from '../core/run/summary.ts';
import type { ListedRun, Store } from '../store/open.ts';
import { badAttachment } from './attachments.ts';
import { runUnknown } from './failures.ts';
import { drivesElsewhere } from './holder.ts';
import { keptOutput } from './output.ts';
import { badApproval } from './people/approvals.ts';
import { isDamage, unlessDamaged } from './unless-damaged.ts';

/** Reading what is on record; needs no engine and changes nothing. */

/** `elsewhere`: some living process drives the run. */
export type ListedSummary = RunSummaryCore & { driver: 'elsewhere' | 'nobody' };

/** All runs, newest first. */
export function listRuns(store: Store): ListedSummary[] {
  return store.runs.list().flatMap((row) => {
    const summary = summaryOf(store, row);
    if (!summary) return [];
    const holder = summary.outcome === null ? store.leases.of(row.id) : null;
    return [
      { ...summary, driver: holder && drivesElsewhere(holder) ? 'elsewhere' : 'nobody' } as const,
    ];
  });
}

/** The cached summary of a run that ended; of any other, the fold of its events. */
function summaryOf(store: Store, row: ListedRun): RunSummaryCore | null {
  const cached = runSummaryCoreSchema.safeParse(row.summary);
  if (cached.success && cached.data.outcome !== null) return cached.data;
  try {
    const state = fold(store.events.read(row.id));
    return state && summarise(state);
  } catch (error) {
    // One damaged record must not hide the others; the run itself says what is wrong when opened.
    if (isDamage(error)) return cached.success ? cached.data : null;
    throw error;
  }
}

/**
 * Recomputes a run's record: the hash chain, and what it vouches for outside of it, which are the
 * runbook's text and every output. Throws `run-unknown`.
 */
export function verifyRun(store: Store, run: string): ChainCheck {
  const row = store.runs.get(run);
  if (!row) throw new MusterError(runUnknown(run));
  let isCutShort = false;
  const check = verifyChain(
    readable(store.events.iterate(run), () => {
      isCutShort = true;
    }),
    sha256,
  );
  if (check.bad) return check;
  if (isCutShort) {
    const seq = check.events + 1;
    return { ...check, bad: { seq, why: `Event ${seq} cannot be read.` } };
  }
  for (const { seq, body } of store.events.iterate(run)) {
    const why = badEvidence(store, run, body);
    if (why !== null) return { ...check, bad: { seq, why } };
  }
  return check;
}

/** The events up to the first that cannot be read. */
function* readable(events: Iterable<RunEvent>, cutShort: () => void): Generator<RunEvent> {
  try {
    yield* events;
  } catch (error) {
    if (!isDamage(error)) throw error;
    cutShort();
  }
}

/** Why what an event vouches for outside of the chain is not what it was, or null. */
function badEvidence(store: Store, run: string, body: EventBody): string | null {
  switch (body.kind) {
    case 'run.created':
      return badTexts(store, body);
    case 'step.acted':
      return badOutput(store, run, body);
    case 'step.approved':
      return badApproval(store, body);
    case 'attachment.added':
      return badAttachment(store, body.attachment);
    default:
      return null;
  }
}

function badTexts(store: Store, body: BodyOf<'run.created'>): string | null {
  const hashes = [body.sha256, ...(body.called ?? []).map(({ sha256: hash }) => hash)];
  for (const hash of hashes) {
    const why = badText(store, hash);
    if (why !== null) return why;
  }
  return null;
}

function badText(store: Store, expected: string): string | null {
  const text = unlessDamaged(() => store.texts.read(expected));
  if (text === undefined) return "The runbook's text cannot be read.";
  if (text === null) return "The runbook's text is missing.";
  return sha256(text) === expected ? null : "The runbook's text is not the one that ran.";
}

function badOutput(store: Store, run: string, body: BodyOf<'step.acted'>): string | null {
  const { bytes, sha256: expected } = body.result.output;
  const fits = unlessDamaged(() => {
    const hash = createHash('sha256');
    let read = 0;
    for (const chunk of keptOutput(store, run, body.step, body.attempt)) {
      hash.update(chunk.bytes);
      read += chunk.bytes.length;
    }
    return read === bytes && hash.digest('hex') === expected;
  });
  return fits ? null : `The output of ${body.step}, attempt ${body.attempt}, was changed.`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
