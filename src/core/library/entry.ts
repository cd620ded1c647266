import { z } from 'zod';
import { reviewStateNameSchema } from '../review/state.ts';
import { riskSchema } from '../runbook/risk.ts';

/** What the library shows of a runbook without opening it. */
export const libraryEntrySchema = z.object({
  path: z.string(),
  title: z.string(),
  format: z.enum(['muster', 'guide']),
  kind: z.string().nullable(),
  system: z.string().nullable(),
  owner: z.string().nullable(),
  steps: z.number().int().nonnegative(),
  /** Commands that nobody reviewed yet. */
  unreviewed: z.number().int().nonnegative(),
  errors: z.number().int().nonnegative(),
  /** The highest risk among its steps. */
  risk: riskSchema,
  /** Programs that it says it needs. */
  tools: z.array(z.string()),
  modifiedAt: z.iso.datetime(),
  range: z.string().nullable(),
  /** Laid over what is kept of the file whenever it is listed: a review can age by itself. */
  review: reviewStateNameSchema,
  /** When the review ends, or ended, to be good. */
  reviewDue: z.iso.datetime().nullable(),
});
export type LibraryEntry = z.infer<typeof libraryEntrySchema>;
