import { z } from 'zod';

export const riskSchema = z.enum(['safe', 'disruptive', 'destructive']);
/** How much harm a step can do; ordered from least to most. */
export type Risk = z.infer<typeof riskSchema>;
