import { evaluate, parseExpression } from '../runbook/expression.ts';
import type { StepSpec } from './specs.ts';
import type { RunState } from './state.ts';
import { valuesOf } from './values.ts';

/**
 * Why the conditions of a step say that it is not to be done, or null when they hold. Both the
 * phase's `if=` and its own are asked when the step's turn comes, with what is known then.
 */
export function whyNot(state: RunState, spec: StepSpec): string | null {
  const { step, phase } = spec;
  if (phase.condition !== null && !holds(state, phase.condition)) {
    return `The condition of "${phase.title}" does not hold: ${phase.condition}`;
  }
  if (step.condition !== null && !holds(state, step.condition)) {
    return `Its condition does not hold: ${step.condition}`;
  }
  return null;
}

/** A condition that cannot be read does not hold; lint keeps such a runbook from running at all. */
function holds(state: RunState, condition: string): boolean {
  const parsed = parseExpression(condition);
  return parsed.ok && evaluate(parsed.expression, valuesOf(state));
}
