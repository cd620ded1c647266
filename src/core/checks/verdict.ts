import { z } from 'zod';

/** What a check says of a system; in this order each is worse than the one before. */
export const verdictSchema = z.enum(['healthy', 'degraded', 'unhealthy']);
export type Verdict = z.infer<typeof verdictSchema>;

/** The worst of them; healthy where there is none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('unhealthy')) return 'unhealthy';
  return verdicts.includes('degraded') ? 'degraded' : 'healthy';
}
