import type { Spec } from '../../core/actions/kind.ts';
import { referencesIn, resolveReferences } from '../../core/actions/references.ts';
import { actionKindOf } from '../../core/actions/registry.ts';
import { targetOf } from '../../core/run/care.ts';
import type { Attempt, StepState } from '../../core/run/state.ts';
import { isUndo } from '../../core/run/step-ids.ts';
import { variablesOf } from '../../core/run/values.ts';
import type { Step, StructuredAction } from '../../core/runbook/model.ts';
import type { MarkKind } from '../controls/Mark.tsx';
import type { LoadedRun } from './store.ts';

export const stateWords: Record<MarkKind, string> = {
  pending: 'not begun',
  next: 'next',
  running: 'running',
  looking: 'looks again soon',
  undone: 'taken back',
  waiting: 'waits for you',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  unknown: 'end unknown',
};

/** The state to show of a step; several may be next, or running, at once. */
export function markOf(run: LoadedRun, step: StepState): MarkKind {
  if (step.status === 'succeeded' && step.undone !== null) return 'undone';
  if (step.status !== 'pending') return step.status;
  const turn = run.turns.get(step.id);
  if (turn?.kind === 'act' && turn.because === 'look') return 'looking';
  return turn !== undefined || run.focus === step.id ? 'next' : 'pending';
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
    count += result.evidence?.length ?? 0;
  }
  return count;
}

/** What a step acts on, in words; without a step, what the run does. */
export function targetWords(run: LoadedRun, spec: Step | null = null): string {
  const { range, host } = run.state.created;
  const { targets = [] } = run.state.created;
  const target = targetOf(run.state, spec);
  const shown = spec === null ? targets : target === null ? [] : [target];
  if (shown.length > 0) return shown.map(({ name, role }) => `${name} (${role})`).join(', ');
  return range === null ? `this machine (${host})` : `practice range "${range}"`;
}

/** What a structured action does, with the values that the run knows by now in their places. */
export function actionWords(run: LoadedRun, step: string, action: StructuredAction): string {
  const unknown = referencesIn(action.spec).map((name) => [name, `\${${name}}`] as const);
  const values = { ...Object.fromEntries(unknown), ...variablesOf(run.state, step) };
  const resolved = resolveReferences(action.spec, values);
  const kind = actionKindOf(action.language);
  return kind.describe(resolved.ok ? (resolved.value as Spec) : action.spec);
}

/** Where a step stands in the work: `step 4 of 12`, a part of it, or what it takes back. */
export function placeWords(run: LoadedRun, step: StepState): string {
  const { steps } = run.state;
  if (isUndo(step.id)) {
    const undone = steps.filter(({ id }) => isUndo(id));
    return `step ${undone.indexOf(step) + 1} of ${undone.length} that take back`;
  }
  const work = steps.filter(({ id, does }) => !isUndo(id) && does !== 'call' && does !== 'loop');
  const at = work.indexOf(step);
  if (at >= 0) return `step ${at + 1} of ${work.length}`;
  return step.does === 'call' ? 'another runbook' : 'a list';
}
