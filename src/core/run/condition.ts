import { evaluate, namesIn, parseExpression } from '../runbook/expression.ts';
import type { Step } from '../runbook/model.ts';
import type { RunState } from './state.ts';
import { valuesOf } from './values.ts';

/** The condition that a step has from the phase it is in. */
export interface PhaseCondition {
  title: string;
  condition: string | null;
}

/**
 * Why the conditions of a step say that it is not to be done, or null when they hold. Both the
 * phase's `if=` and its own are asked when the step's turn comes, with what is known then.
 */
export function whyNot(
  state: RunState,
  id: string,
  step: Pick<Step, 'condition'>,
  phase: PhaseCondition,
): string | null {
  if (phase.condition !== null && !holds(state, id, phase.condition)) {
    return `The condition of "${phase.title}" does not hold: ${phase.condition}`;
  }
  if (step.condition !== null && !holds(state, id, step.condition)) {
    return `Its condition does not hold: ${step.condition}`;
  }
  return null;
}

/**
 * A condition that cannot be read does not hold; lint keeps such a runbook from running at all. A
 * rehearsal captures nothing, so what asks for a capture is rehearsed rather than left out.
 */
function holds(state: RunState, id: string, condition: string): boolean {
  const parsed = parseExpression(condition);
  if (!parsed.ok) return false;
  const values = valuesOf(state, id);
  if (state.mode === 'rehearsal') {
    const unknown = namesIn(parsed.expression).some(({ name }) => !Object.hasOwn(values, name));
    if (unknown) return true;
  }
  return evaluate(parsed.expression, values);
}
