import type { Problem } from '../core/problem.ts';
import type { RunState } from '../core/run/state.ts';
import { valuesOf } from '../core/run/values.ts';
import type { Step } from '../core/runbook/model.ts';
import { recoveryPointUnreadable } from './failures.ts';

/**
 * What the success of a step proves: the components whose clock it stops, and the time of the data
 * that was recovered (UTC, ISO 8601), read from the capture or input its `recovery-point=` names.
 */
export function proofOf(
  step: Step,
  state: RunState,
  captures: Readonly<Record<string, string>>,
  id: string,
): { proves: string[]; recoveryPoint: string | null; problem: Problem | null } {
  const { proves, recoveryPoint: name } = step;
  if (name === null) return { proves, recoveryPoint: null, problem: null };
  const value = captures[name] ?? valuesOf(state, id)[name] ?? null;
  const time = value === null ? null : readTime(String(value));
  const problem =
    time === null
      ? recoveryPointUnreadable(step, name, value === null ? null : String(value))
      : null;
  return { proves, recoveryPoint: time, problem };
}

/** A time as tools print it: ISO 8601 with a zone, or seconds or milliseconds since the epoch. */
function readTime(text: string): string | null {
  const trimmed = text.trim();
  if (/^\d{9,10}$/.test(trimmed)) return new Date(Number(trimmed) * 1000).toISOString();
  if (/^\d{12,13}$/.test(trimmed)) return new Date(Number(trimmed)).toISOString();
  // Without a zone the time would mean another moment on another machine.
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed)) return null;
  const time = Date.parse(trimmed);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
