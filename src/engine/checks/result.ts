import type { Verdict } from '../../core/checks/verdict.ts';
import { parseDuration } from '../../core/units.ts';
import type { Done, Evidence, Preview, StepContext } from '../steps/structured.ts';

/** What a check found. A system that cannot be reached is a finding, not an error. */
export interface CheckResult {
  verdict: Verdict;
  /** One sentence that names what was checked and what decided. */
  summary: string;
  /** Until the answer was complete, in ms; null where none came. */
  responseMs: number | null;
  values: Record<string, string | number | boolean>;
  evidence: Evidence[];
}

/** What a check may use of its step. */
export type CheckContext = Pick<
  StepContext<unknown>,
  'signal' | 'cwd' | 'log' | 'secret' | 'target' | 'step'
>;

/** A check as the end of a step. */
export function doneWith(
  { evidence }: Pick<StepContext<unknown>, 'evidence'>,
  result: CheckResult,
): Done {
  const { verdict, summary, responseMs, values } = result;
  for (const entry of result.evidence) evidence(entry);
  return {
    summary,
    verdict,
    values: {
      ...values,
      verdict,
      ...(responseMs === null ? {} : { response: Math.round(responseMs) }),
    },
  };
}

/** A check changes nothing, so its preview needs no more than its sentence. */
export function plainPreview(text: string, detail: string | null = null): Preview {
  return { text: `${text}.`, detail, problem: null };
}

export function jsonEvidence(name: string, value: unknown): Evidence {
  return { name, mediaType: 'application/json', content: JSON.stringify(value, null, 2) };
}

/** A `within` in ms; 0 is read as the shortest that can be set. */
export function withinMs(within: string): number {
  return Math.max(1, parseDuration(within) ?? 1);
}
