import type { Runbook } from '../runbook/model.ts';
import { isContainer } from './agenda.ts';
import type { OutlineEntry } from './events.ts';
import { stepNamed } from './places.ts';
import { doesOf, specOf } from './specs.ts';
import type { RunState, StepState } from './state.ts';
import { isUndo, scopeOf } from './step-ids.ts';

/** Whether a step is done, can be taken back, and was not taken back by anything since. */
export function canUndo(state: RunState, runbook: Runbook, step: StepState): boolean {
  if (isUndo(step.id) || isContainer(step) || step.status !== 'succeeded') return false;
  if (step.undone !== null || specOf(runbook, `~${step.id}`) === null) return false;
  const { undo } = specOf(runbook, step.id) ?? {};
  if (undo?.how !== 'step') return true;
  // The step that reverses it may have had its own turn meanwhile.
  const scope = scopeOf(step.id);
  const other = stepNamed(state, scope === '' ? undo.step : `${scope}/${undo.step}`)?.step;
  return !(other?.status === 'succeeded' && endOf(other) >= endOf(step));
}

/** What an abort can take back, newest first, as steps of the run. */
export function undoOutline(
  state: RunState,
  runbook: Runbook,
  steps: readonly StepState[] = state.steps,
): OutlineEntry[] {
  return steps
    .filter((step) => canUndo(state, runbook, step))
    .toSorted((a, b) => endOf(b).localeCompare(endOf(a)))
    .flatMap((step): OutlineEntry[] => {
      const id = `~${step.id}`;
      const spec = specOf(runbook, id);
      if (!spec) return [];
      return [
        {
          id,
          title: spec.title,
          phase: 'Undo',
          does: doesOf(spec.action),
          risk: spec.risk,
          tasks: spec.tasks.length,
        },
      ];
    });
}

/** Steps that were done and whose change is still there after an undo, for the record. */
export function remaining(state: RunState): string[] {
  return (state.undo?.steps ?? []).flatMap((id) => {
    const found = stepNamed(state, id)?.step;
    return found && found.status !== 'succeeded' ? [id.slice(1)] : [];
  });
}

function endOf(step: StepState): string {
  return step.attempts.at(-1)?.endedAt ?? '';
}
