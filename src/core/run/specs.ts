import type { Action, Runbook, Step } from '../runbook/model.ts';

/** A step of the runbook and the condition of its phase. */
export interface StepSpec {
  step: Step;
  phase: { title: string; condition: string | null };
}

/** Who carries a step out: a machine, a person who answers, or a person by hand. */
export function doesOf(action: Action | null): 'shell' | 'ask' | 'hand' {
  return action?.kind === 'shell' || action?.kind === 'ask' ? action.kind : 'hand';
}

const specs = new WeakMap<Runbook, StepSpec[]>();

/**
 * The runbook's side of a step: the one at the same place, or with the same id. Null when the run
 * belongs to another runbook; such a step never runs by itself.
 */
export function specAt(runbook: Runbook, index: number, id: string): StepSpec | null {
  let all = specs.get(runbook);
  if (!all) {
    all = runbook.phases.flatMap((phase) => phase.steps.map((step) => ({ step, phase })));
    specs.set(runbook, all);
  }
  const here = all[index];
  return here?.step.id === id ? here : (all.find((spec) => spec.step.id === id) ?? null);
}
