import type { Step } from '../runbook/model.ts';
import { endedNow } from './own-time.ts';
import { isMachine } from './specs.ts';
import type { Attempt, RunState, StepState } from './state.ts';

/** Who did what the engine did by itself. */
export const engineName = 'muster';

/** The longest pause before a retry that doubling leads to, in ms. */
const LONGEST_BACKOFF_MS = 600_000;
/** So much of a pause is left to chance, either way, so that many runs do not retry as one. */
const JITTER = 0.2;

/**
 * Whether the engine tries a failed step again by itself: `retries=` of the runbook is not used up
 * by the failures since a person last took a hand in it. Only an action that failed or timed out
 * counts; what a person cancelled, failed by hand or resolved is theirs to retry. Unreviewed and
 * interactive actions always need a person.
 */
export function mayRetryByItself(step: StepState, spec: Step): boolean {
  if (spec.retries === 0 || !isMachine(step.does) || !runsByItself(spec)) return false;
  const failures = failuresSincePerson(step.attempts);
  return failures > 0 && failures <= spec.retries;
}

/** Somebody has reviewed the action, and it needs nobody who types. */
export function runsByItself({ action }: Pick<Step, 'action'>): boolean {
  return action?.reviewed === true && !(action.kind === 'shell' && action.interactive);
}

/**
 * When the next try by itself is due, in ms since the epoch: `backoff=` after the failure before
 * the first retry, twice as long before each one after it. The chance in it comes from the names of
 * run, step and attempt, so that whoever asks gets the same answer.
 */
export function retryAt(
  state: Pick<RunState, 'id' | 'shiftMs' | 'sleptMs'>,
  step: StepState,
  spec: Step,
): number {
  const failures = Math.max(1, failuresSincePerson(step.attempts));
  const pause = Math.min(spec.backoffMs * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
  const chance = fraction(`${state.id} ${step.id} ${step.attempts.length}`);
  return lastEnd(state, step) + pause * (1 + JITTER * (2 * chance - 1));
}

/** When the next look of a step that waits for something is due, in ms since the epoch. */
export function lookAgainAt(
  state: Pick<RunState, 'shiftMs' | 'sleptMs'>,
  step: StepState,
  spec: Step,
): number {
  return lastEnd(state, step) + (spec.until?.intervalMs ?? 0);
}

function lastEnd(state: Pick<RunState, 'shiftMs' | 'sleptMs'>, { attempts }: StepState): number {
  const last = attempts.at(-1);
  return (last && endedNow(last, state)) ?? 0;
}

/** The first of the tries at the end that found nothing yet: from there its deadline counts. */
export function firstLook(step: Pick<StepState, 'attempts'>): Attempt | null {
  const isLook = ({ outcome, endedAt }: Attempt): boolean =>
    outcome === 'not-yet' || outcome === 'interrupted' || endedAt === null;
  const before = step.attempts.findLastIndex((attempt) => !isLook(attempt));
  return step.attempts[before + 1] ?? null;
}

/** True while a step waits between two looks. */
export function isBetweenLooks(step: StepState): boolean {
  return step.attempts.at(-1)?.outcome === 'not-yet';
}

/** Whether the next try of a step follows one that failed or was cancelled. */
export function retriesSomething(step: StepState): boolean {
  const last = step.attempts.findLast(({ outcome }) => !isNothing(outcome));
  return last !== undefined && last.resolved?.as !== 'retry' && last.outcome !== 'succeeded';
}

/** An attempt that neither failed nor ended anything. */
function isNothing(outcome: Attempt['outcome']): boolean {
  return outcome === 'not-started' || outcome === 'interrupted' || outcome === 'not-yet';
}

/** Failed tries at the end of the list, back to and with the last one that a person started. */
function failuresSincePerson(attempts: readonly Attempt[]): number {
  let failures = 0;
  for (const attempt of attempts.toReversed()) {
    if (isNothing(attempt.outcome)) continue;
    if (!failedByItself(attempt)) return failures;
    failures += 1;
    if (attempt.by !== engineName) return failures;
  }
  return failures;
}

function failedByItself(attempt: Attempt): boolean {
  const { outcome, result } = attempt;
  if (outcome !== 'failed' || result === null) return false;
  return result.outcome === 'failed' || result.outcome === 'timed-out';
}

/** A number from 0 to 1 that a text decides (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) / 0xffff_ffff;
}
