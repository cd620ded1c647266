import { createHash, hash } from 'node:crypto';
import { type ChainCheck, type StoredEvent, verifyChain } from '../core/ledger/chain.ts';
import type { RunCheck } from '../core/ledger/head.ts';
import { isCanonical } from '../core/ledger/is-canonical.ts';
import { MusterError } from '../core/problem.ts';
import { type ActResult, type BodyOf, eventBodySchema } from '../core/run/events.ts';
import { type RunSummaryCore, runSummaryCoreSchema, summarise } from '../core/run/summary.ts';
import type { ListedRun, Store } from '../store/open.ts';
import { attemptKey } from '../store/outputs.ts';
import { badAttachment } from './attachments.ts';
import { runUnknown } from './failures.ts';
import { drivesElsewhere } from './holder.ts';
import { checkHeads } from './keys/check-heads.ts';
import { readPublicKey } from './keys/signing-key.ts';
import { keptOutput } from './output.ts';
import { badApproval } from './people/approvals.ts';
import { glanceOf } from './run-state.ts';
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
    const state = glanceOf(store, row.id)?.state;
    return state ? summarise(state) : null;
  } catch (error) {
    // One damaged record must not hide the others; the run itself says what is wrong when opened.
    if (isDamage(error)) return cached.success ? cached.data : null;
    throw error;
  }
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
  const wanted = new Set(heads.map(({ seq }) => seq));
  const hashes = new Map<number, string>();
  const attempts = new Set(
    store.outputs.attempts(run).map(({ step, attempt }) => attemptKey(step, attempt)),
  );
  let unfit: ChainCheck['bad'] = null;
  // One pass: what an event vouches for is checked as it comes by, and told if the chain fits.
  const looking = function* (): Generator<StoredEvent> {
    for (const event of store.events.stored(run)) {
      const { seq, hash } = event;
      if (wanted.has(seq)) hashes.set(seq, hash);
      const why = unfit ? null : misfitOf(store, event, attempts);
      if (why !== null) unfit = { seq, why };
      yield event;
    }
  };
  const chain = verifyChain(looking(), sha256);
  if (chain.bad) return { ...chain, signed: null };
  const own = readPublicKey(store.home)?.key ?? null;
  const check = checkHeads(heads, chain, hashes, own);
  return { ...chain, signed: check.signed, bad: check.bad ?? unfit };
}

/** In canonical JSON a kind is written in one way only. */
const VOUCHING = ['run.created', 'step.acted', 'step.approved', 'attachment.added'].map(
  (kind) => `"kind":"${kind}"`,
);

/** What is wrong with what an event vouches for outside of the chain, or null. */
function misfitOf(
  store: Store,
  { run, body: json }: StoredEvent,
  attempts: ReadonlySet<string>,
): string | null {
  const mayVouch = VOUCHING.some((kind) => json.includes(kind)) || !isCanonical(json);
  if (!mayVouch) return null;
  const body = eventBodySchema.safeParse(jsonOrNull(json)).data;
  switch (body?.kind) {
    case 'run.created':
      return badTexts(store, body);
    case 'step.approved':
      return badApproval(store, body);
    case 'attachment.added':
      return badAttachment(store, body.attachment);
    case 'step.acted': {
      const { step, attempt, result } = body;
      const hasOutput = attempts.has(attemptKey(step, attempt));
      const fits = hasOutput
        ? isKept(store, run, step, attempt, result.output)
        : isNone(result.output);
      return fits ? null : `The output of ${step}, attempt ${attempt}, was changed.`;
    }
    default:
      return null;
  }
}

function jsonOrNull(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The chain says so.
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

type Output = ActResult['output'];

const hashOfNothing = sha256('');

function isNone({ bytes, sha256: hash, leftOut }: Output): boolean {
  return bytes === 0 && hash === hashOfNothing && leftOut === undefined;
}

function isKept(store: Store, run: string, step: string, attempt: number, of: Output): boolean {
  const { bytes, leftOut = null } = of;
  const fits = unlessDamaged(() => {
    const hash = createHash('sha256');
    let read = 0;
    for (const chunk of keptOutput(store, run, step, attempt)) {
      hash.update(chunk.bytes);
      read += chunk.bytes.length;
    }
    const gap = store.outputs.leftOut(run, step, attempt);
    return (
      read === bytes &&
      hash.digest('hex') === of.sha256 &&
      gap?.at === leftOut?.at &&
      gap?.bytes === leftOut?.bytes &&
      gap?.lines === leftOut?.lines
    );
  });
  return fits === true;
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
