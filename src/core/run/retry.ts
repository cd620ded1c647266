import type { Step } from '../runbook/model.ts';
import type { Attempt, StepState } from './state.ts';

/** Who did what the engine did by itself. */
export const engineName = 'muster';

/**
 * Whether the engine tries a failed step again by itself: `retries=` of the runbook is not used up
 * by the failures since a person last took a hand in it. Only an action that failed or timed out
 * counts; what a person cancelled, failed by hand or resolved is theirs to retry. Unreviewed and
 * interactive actions always need a person.
 */
export function mayRetryByItself(step: StepState, spec: Step): boolean {
  const { action } = spec;
  if (spec.retries === 0 || action?.kind !== 'shell') return false;
  if (!action.reviewed || action.interactive) return false;
  const failures = failuresSincePerson(step.attempts);
  return failures > 0 && failures <= spec.retries;
}

/** Whether the next try of a step follows one that failed or was cancelled. */
export function retriesSomething(step: StepState): boolean {
  const last = step.attempts.findLast((attempt) => attempt.outcome !== 'not-started');
  return last !== undefined && last.resolved?.as !== 'retry';
}

/** Failed tries at the end of the list, back to and with the last one that a person started. */
function failuresSincePerson(attempts: readonly Attempt[]): number {
  let failures = 0;
  for (const attempt of attempts.toReversed()) {
    // Nothing of it ran, so it neither failed nor ended the row.
    if (attempt.outcome === 'not-started') continue;
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
