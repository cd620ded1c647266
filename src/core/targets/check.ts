import { z } from 'zod';
import { problemSchema } from '../problem.ts';

/** What came of asking every part of a target who it is. */
export const targetCheckSchema = z.object({
  verdict: z.enum(['match', 'first-use', 'mismatch']),
  /** The parts that answered. */
  parts: z.array(
    z.object({
      key: z.string(),
      verdict: z.enum(['match', 'first-use', 'mismatch']),
      /** In words; null when it was not pinned, or not seen. */
      pinned: z.string().nullable(),
      seen: z.string().nullable(),
      /** Whether what was seen is pinned from now on. */
      pinnedNow: z.boolean(),
    }),
  ),
  /** The parts that gave no answer. */
  failed: z.array(z.object({ key: z.string(), problem: problemSchema })),
  /** What an operator reads of a mismatch; null where there is none, or it was accepted. */
  problem: problemSchema.nullable(),
});
export type TargetCheck = z.infer<typeof targetCheckSchema>;
