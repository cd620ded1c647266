import { createHash } from 'node:crypto';
import { verifyChain } from '../core/ledger/chain.ts';
import type { RunCheck } from '../core/ledger/head.ts';
import { MusterError } from '../core/problem.ts';
import type { EventBody, RunEvent } from '../core/run/events.ts';
import { fold } from '../core/run/reduce.ts';
import type { RunState } from '../core/run/state.ts';
import { type RunSummaryCore, runSummaryCoreSchema, summarise } from '../core/run/summary.ts';
import type { Runbook } from '../core/runbook/model.ts';
import { parse } from '../core/runbook/parse.ts';
import type { ListedRun, Store } from '../store/open.ts';
import { runUnknown } from './failures.ts';
import { drivesElsewhere } from './holder.ts';
import { checkHeads } from './keys/check-heads.ts';
import { readPublicKey } from './keys/signing-key.ts';
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

/** A run's state, and its runbook as it was when the run began. Throws `run-unknown`. */
export function readRun(store: Store, run: string): { runbook: Runbook; state: RunState } {
  const row = store.runs.get(run);
  const state = row ? fold(store.events.read(run)) : null;
  const text = row ? store.texts.read(row.sha256) : null;
  if (!state || text === null) throw new MusterError(runUnknown(run));
  return { runbook: parse(text), state };
}

/**
 * Recomputes a run's record: the hash chain, what it vouches for outside of it, which are the
 * runbook's text and every output, and the signed heads that vouch for the chain. Throws
 * `run-unknown`.
 */
export function verifyRun(store: Store, run: string): RunCheck {
  const row = store.runs.get(run);
  if (!row) throw new MusterError(runUnknown(run));
  const heads = store.heads.of(run);
  const hashes = new Map<number, string>();
  let isCutShort = false;
  const chain = verifyChain(
    noted(
      readable(store.events.iterate(run), () => {
        isCutShort = true;
      }),
      new Set(heads.map(({ seq }) => seq)),
      hashes,
    ),
    sha256,
  );
  if (chain.bad) return { ...chain, signed: null };
  if (isCutShort) {
    const seq = chain.events + 1;
    return { ...chain, bad: { seq, why: `Event ${seq} cannot be read.` }, signed: null };
  }
  const check = {
    ...chain,
    ...checkHeads(heads, chain, hashes, readPublicKey(store.home)?.key ?? null),
  };
  if (check.bad) return check;
  for (const { seq, body } of store.events.iterate(run)) {
    const why =
      body.kind === 'run.created' ? badText(store, body.sha256) : badOutput(store, run, body);
    if (why !== null) return { ...check, bad: { seq, why } };
  }
  return check;
}

/** The same events; the hashes of those that are `wanted` by number are put into `hashes`. */
function* noted(
  events: Iterable<RunEvent>,
  wanted: ReadonlySet<number>,
  hashes: Map<number, string>,
): Generator<RunEvent> {
  for (const event of events) {
    if (wanted.has(event.seq)) hashes.set(event.seq, event.hash);
    yield event;
  }
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

/** True for a row that is in the file and cannot be what Muster wrote. */
function isDamage(error: unknown): boolean {
  return error instanceof MusterError && error.problem.code === 'ledger-damaged';
}

/** What `read` gives, or undefined where the row cannot be read. */
function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function badText(store: Store, expected: string): string | null {
  const text = unlessDamaged(() => store.texts.read(expected));
  if (text === undefined) return "The runbook's text cannot be read.";
  if (text === null) return "The runbook's text is missing.";
  return sha256(text) === expected ? null : "The runbook's text is not the one that ran.";
}

function badOutput(store: Store, run: string, body: EventBody): string | null {
  if (body.kind !== 'step.acted') return null;
  const { bytes, sha256: expected, leftOut = null } = body.result.output;
  const fits = unlessDamaged(() => {
    const hash = createHash('sha256');
    let read = 0;
    for (const chunk of keptOutput(store, run, body.step, body.attempt)) {
      hash.update(chunk.bytes);
      read += chunk.bytes.length;
    }
    const gap = store.outputs.leftOut(run, body.step, body.attempt);
    return (
      read === bytes &&
      hash.digest('hex') === expected &&
      gap?.at === leftOut?.at &&
      gap?.bytes === leftOut?.bytes &&
      gap?.lines === leftOut?.lines
    );
  });
  return fits ? null : `The output of ${body.step}, attempt ${body.attempt}, was changed.`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
