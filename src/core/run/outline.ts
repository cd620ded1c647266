import type { Phase, Runbook, Step } from '../runbook/model.ts';
import type { OutlineEntry } from './events.ts';
import { doesOf } from './specs.ts';

/** The steps that a run has from its start, in document order. */
export function outlineOf(runbook: Runbook): OutlineEntry[] {
  return ofPhases(runbook, runbook.phases, '');
}

/** The steps of a list once its items are known: one an item, with all that belongs to it. */
export function itemOutline(
  runbook: Runbook,
  list: Pick<OutlineEntry, 'id' | 'phase'>,
  spec: Step,
  items: readonly string[],
): OutlineEntry[] {
  return items.flatMap((item, index) => {
    const id = `${list.id}[${index + 1}]`;
    const own = { ...entryOf(spec, list.phase, id), title: `${spec.title}: ${item}` };
    return [own, ...ofCall(runbook, spec, id)];
  });
}

/** `call`: the id, in the run, of the step whose runbook these phases are. */
function ofPhases(runbook: Runbook, phases: readonly Phase[], call: string): OutlineEntry[] {
  return phases.flatMap((phase) =>
    phase.steps
      .filter((step) => !step.undoOnly)
      .flatMap((step) => {
        const id = call === '' ? step.id : `${call}/${step.id.slice(step.id.lastIndexOf('/') + 1)}`;
        if (step.each === null) {
          return [entryOf(step, phase.title, id), ...ofCall(runbook, step, id)];
        }
        return [{ ...entryOf(step, phase.title, id), does: 'loop' as const, tasks: 0 }];
      }),
  );
}

function ofCall(runbook: Runbook, step: Step, id: string): OutlineEntry[] {
  const called = runbook.called[step.id];
  return called === undefined ? [] : ofPhases(runbook, called.phases, id);
}

function entryOf(step: Step, phase: string, id: string): OutlineEntry {
  const { title, action, risk, tasks } = step;
  return { id, title, phase, does: doesOf(action), risk, tasks: tasks.length };
}
