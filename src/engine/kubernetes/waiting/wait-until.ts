import { setTimeout as pause } from 'node:timers/promises';
import { MusterError } from '../../../core/problem.ts';
import { formatDuration } from '../../../core/units.ts';
import type { StepContext } from '../../steps/structured.ts';
import type { Cluster, Place } from '../objects/cluster.ts';
import { explain } from './explain.ts';

/** How long is waited where the step has no timeout, in ms. */
const NO_TIMEOUT_MS = 10 * 60_000;
/** The step's own timeout would end it without a word on why: this much earlier we say it, in ms. */
const AHEAD_MS = 2_000;
/** Between looks at the cluster, in ms. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 2_000;
/** How often the reasons are asked for while nothing moves, in ms. */
const EXPLAIN_MS = 5_000;

/** What one look showed. */
export interface Look {
  isDone: boolean;
  /** Where it stands: "2 of 3 ready". */
  label: string;
  done: number;
  total: number | null;
}

/** When waiting must be over, in milliseconds since 1970. */
export function deadlineOf(timeoutMs: number | null, now: number): number {
  const limit = timeoutMs ?? NO_TIMEOUT_MS;
  return now + limit - Math.min(AHEAD_MS, limit / 5);
}

/**
 * Looks until it is done. While nothing moves it logs the reasons; when the time is over it throws
 * MusterError `kubernetes-stuck` with them.
 */
export async function waitUntil(
  context: Pick<StepContext<unknown>, 'step' | 'signal' | 'log' | 'progress'>,
  cluster: Cluster,
  what: string,
  places: () => readonly Place[],
  look: () => Promise<Look>,
): Promise<void> {
  const began = Date.now();
  const until = deadlineOf(context.step.timeoutMs, began);
  let wait = FIRST_LOOK_MS;
  let explainedAt = began;
  let said = '';
  for (;;) {
    const seen = await look();
    const { label, done, total } = seen;
    context.progress({ label: `${what}: ${label}`, done, total, unit: 'objects' });
    if (seen.isDone) return;
    const now = Date.now();
    if (now >= until) throw stuck(what, label, await reasonsOf(cluster, places()), now - began);
    if (now - explainedAt >= EXPLAIN_MS) {
      explainedAt = now;
      const reasons = (await reasonsOf(cluster, places())).join('; ');
      // The reason with its age taken off, so that the same one is told once.
      const same = reasons.replace(/ for [\d a-z]+?(?=[:;]|$)/g, '');
      if (reasons !== '' && same !== said) context.log(`${what}: ${label}. ${reasons}.`);
      said = same;
    }
    await pause(Math.min(wait, Math.max(1, until - Date.now())), undefined, {
      signal: context.signal,
    }).catch(() => context.signal.throwIfAborted());
    wait = Math.min(wait * 1.5, LAST_LOOK_MS);
  }
}

/** The reasons explain, they decide nothing: where they cannot be had, waiting goes on without. */
async function reasonsOf(cluster: Cluster, places: readonly Place[]): Promise<string[]> {
  return explain(cluster.impatient(), places).catch(() => []);
}

function stuck(what: string, label: string, reasons: readonly string[], ms: number): MusterError {
  const why = reasons.length > 0 ? reasons.join('; ') : label;
  return new MusterError({
    code: 'kubernetes-stuck',
    what: `${what}: still ${label} after ${formatDuration(ms)}${reasons.length > 0 ? `: ${why}` : ''}.`,
    safe: 'Waiting changed nothing. What was asked for before stays asked for.',
    next:
      reasons.length > 0
        ? 'Mend the cause that is named, then retry.'
        : 'Look at the object and its events, then retry or wait longer.',
  });
}
