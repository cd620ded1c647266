import type { Value } from './events.ts';
import type { RunState } from './state.ts';

/**
 * Everything a condition may ask for, by name: inputs, captures of succeeded steps, and answers
 * under the id of their question. Where names collide, what became known later in a run wins:
 * captures hide inputs, answers hide both.
 */
export function valuesOf(state: RunState): Record<string, Value> {
  const answers = state.steps.flatMap(({ id, answer }) => (answer === null ? [] : [[id, answer]]));
  return { ...state.created.inputs, ...state.captures, ...Object.fromEntries(answers) };
}
