import type { Attempt, StepState } from '../../core/run/state.ts';
import type { MarkKind } from '../controls/Mark.tsx';
import type { LoadedRun } from './store.ts';

export const stateWords: Record<MarkKind, string> = {
  pending: 'not begun',
  next: 'next',
  running: 'running',
  waiting: 'waits for you',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  unknown: 'end unknown',
};

/** The step that decides what happens next; after the end, none. */
export function currentStep(run: LoadedRun): string | null {
  return 'step' in run.decision ? run.decision.step : null;
}

export function markOf(run: LoadedRun, step: StepState): MarkKind {
  return step.status === 'pending' && currentStep(run) === step.id ? 'next' : step.status;
}

export function lastAttempt(step: StepState): Attempt | null {
  return step.attempts.at(-1) ?? null;
}

/** How long the last attempt took by the clock on the wall; null while it is open. */
export function tookMs(step: StepState): number | null {
  const attempt = lastAttempt(step);
  if (attempt === null) return null;
  if (attempt.result !== null) return attempt.result.durationMs;
  if (attempt.endedAt === null) return null;
  return Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt);
}

/** Outputs, captures, ticks and notes that stand behind a step. */
export function evidenceCount(run: LoadedRun, step: StepState): number {
  let count = run.state.notes.filter((note) => note.step === step.id).length;
  count += step.ticks.filter((tick) => tick !== null).length;
  for (const { result } of step.attempts) {
    if (result === null) continue;
    count += (result.output.bytes > 0 ? 1 : 0) + Object.keys(result.captures).length;
  }
  return count;
}

/** What the run acts on, in words. */
export function targetWords(run: LoadedRun): string {
  const { range, host } = run.state.created;
  return range === null ? `this machine (${host})` : `practice range "${range}"`;
}
