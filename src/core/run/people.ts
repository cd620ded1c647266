import { engineName } from './retry.ts';
import type { StepState } from './state.ts';

/**
 * Who had a hand in a step: the people of its last attempt, its resolution or its skip. The engine,
 * where nobody had; nobody at all before it began.
 */
export function peopleOf(step: StepState): string[] {
  const last = step.attempts.at(-1);
  const hands = [last?.by, last?.endedBy, last?.resolved?.by, step.skipped?.by];
  const known = hands.filter((by) => by !== null && by !== undefined);
  const people = known.filter((by) => by !== engineName);
  return [...new Set(people.length > 0 ? people : known)];
}
