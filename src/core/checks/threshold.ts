import { z } from 'zod';
import { parseDuration } from '../units.ts';
import type { Verdict } from './verdict.ts';

/** A limit that a number must not meet: `> 0.8` is met by 0.9. */
export interface Threshold {
  operator: '>' | '>=' | '<' | '<=' | '==' | '!=';
  limit: number;
}

const THRESHOLD =
  /^\s*(>=|<=|==|!=|>|<)\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)\s*(%?)\s*$/i;

/** The threshold of `> 0.8`, `<= 5e6` or `> 80%` (0.8), or null. */
export function parseThreshold(text: string): Threshold | null {
  const [, operator, number, percent] = THRESHOLD.exec(text) ?? [];
  const known = operatorSchema.safeParse(operator);
  if (!known.success || number === undefined) return null;
  return { operator: known.data, limit: Number(number) / (percent === '%' ? 100 : 1) };
}

const operatorSchema = z.enum(['>', '>=', '<', '<=', '==', '!=']);

/** Whether the value meets it; a value that is no number meets none. */
export function meets({ operator, limit }: Threshold, value: number): boolean {
  if (Number.isNaN(value)) return false;
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

export const thresholdText = z.string().refine((text) => parseThreshold(text) !== null, {
  error: 'is no threshold, such as > 0.8 or < 3',
});

/** What a value is by its two limits; a limit that is left out is never met. */
export function verdictOf(
  value: number,
  { warning, critical }: { warning?: string | undefined; critical?: string | undefined },
): Verdict {
  const isMet = (text: string | undefined): boolean => {
    const threshold = text === undefined ? null : parseThreshold(text);
    return threshold !== null && meets(threshold, value);
  };
  if (isMet(critical)) return 'unhealthy';
  return isMet(warning) ? 'degraded' : 'healthy';
}

/** Limits of a response time: from `warning` on degraded, from `critical` on unhealthy. */
const durations = z.string().refine((text) => parseDuration(text) !== null, {
  error: 'is no duration; write one with its unit, such as 500ms or 2s',
});
export const latencyLimits = z.strictObject({
  warning: durations.optional().describe('From this response time on the check is degraded.'),
  critical: durations.optional().describe('From this response time on it is unhealthy.'),
});
export type LatencyLimits = z.infer<typeof latencyLimits>;

/** What a response time is by its limits, in ms. */
export function latencyVerdict(ms: number, limits: LatencyLimits | undefined): Verdict {
  const reaches = (text: string | undefined): boolean => {
    const limit = text === undefined ? null : parseDuration(text);
    return limit !== null && ms >= limit;
  };
  if (reaches(limits?.critical)) return 'unhealthy';
  return reaches(limits?.warning) ? 'degraded' : 'healthy';
}
