import { createHash } from 'node:crypto';
import { type ChainCheck, verifyChain } from '../core/ledger/chain.ts';
import { MusterError } from '../core/problem.ts';
import type { EventBody } from '../core/run/events.ts';
import { fold } from '../core/run/reduce.ts';
import type { RunState } from '../core/run/state.ts';
import { type RunSummaryCore, runSummaryCoreSchema, summarise } from '../core/run/summary.ts';
import type { Runbook } from '../core/runbook/model.ts';
import { parse } from '../core/runbook/parse.ts';
import type { ListedRun, Store } from '../store/open.ts';
import { runUnknown } from './failures.ts';
import { isAlive } from './holder.ts';
import { keptOutput } from './output.ts';

/** Reading what is on record; needs no engine and changes nothing. */

/** `elsewhere`: some living process drives the run. */
export type ListedSummary = RunSummaryCore & { driver: 'elsewhere' | 'nobody' };

/** All runs, newest first. */
export function listRuns(store: Store): ListedSummary[] {
  return store.runs.list().flatMap((row) => {
    const summary = summaryOf(store, row);
    if (!summary) return [];
    const holder = summary.outcome === null ? store.leases.of(row.id) : null;
    return [{ ...summary, driver: holder && isAlive(holder) ? 'elsewhere' : 'nobody' } as const];
  });
}

/** The cached summary of a run that ended; of any other, the fold of its events. */
function summaryOf(store: Store, row: ListedRun): RunSummaryCore | null {
  const cached = runSummaryCoreSchema.safeParse(row.summary);
  if (cached.success && cached.data.outcome !== null) return cached.data;
  const state = fold(store.events.read(row.id));
  return state && summarise(state);
}

/** A run's state, and its runbook as it was when the run began. Throws `run-unknown`. */
export function readRun(store: Store, run: string): { runbook: Runbook; state: RunState } {
  const row = store.runs.get(run);
  const state = row ? fold(store.events.read(run)) : null;
  const text = row ? store.texts.read(row.sha256) : null;
  if (!state || text === null) throw new MusterError(runUnknown(run));
  return { runbook: parse(text), state };
}

/**
 * Recomputes a run's record: the hash chain, and what it vouches for outside of it, which are the
 * runbook's text and every output. Throws `run-unknown`.
 */
export function verifyRun(store: Store, run: string): ChainCheck {
  const row = store.runs.get(run);
  if (!row) throw new MusterError(runUnknown(run));
  const check = verifyChain(store.events.iterate(run), sha256);
  if (check.bad) return check;
  for (const { seq, body } of store.events.iterate(run)) {
    const why =
      body.kind === 'run.created' ? badText(store, body.sha256) : badOutput(store, run, body);
    if (why !== null) return { ...check, bad: { seq, why } };
  }
  return check;
}

function badText(store: Store, expected: string): string | null {
  const text = store.texts.read(expected);
  if (text === null) return "the runbook's text is missing";
  return sha256(text) === expected ? null : "the runbook's text is not the one that ran";
}

function badOutput(store: Store, run: string, body: EventBody): string | null {
  if (body.kind !== 'step.acted') return null;
  const { bytes, sha256: expected } = body.result.output;
  const hash = createHash('sha256');
  let read = 0;
  for (const chunk of keptOutput(store, run, body.step, body.attempt)) {
    hash.update(chunk.bytes);
    read += chunk.bytes.length;
  }
  const fits = read === bytes && hash.digest('hex') === expected;
  return fits ? null : `the output of ${body.step}, attempt ${body.attempt}, was changed`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
