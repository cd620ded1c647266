import { z } from 'zod';

/**
 * The facts that the ledger of reviews is made of. There is one such ledger in each store; a
 * runbook's review state is the fold of it. As with runs, a released kind stays readable for ever.
 */

export const reviewBodySchema = z.discriminatedUnion('kind', [
  /** A person read this text and stands for it. The text is kept in the store under its SHA-256. */
  z.object({
    kind: z.literal('review.approved'),
    /** Where the file was. */
    path: z.string(),
    sha256: z.string(),
    title: z.string(),
    by: z.string(),
    comment: z.string(),
    /** How long the review stays good, as the approved text says; null when it says nothing. */
    reviewDays: z.number().positive().nullable(),
    host: z.string(),
    /** Muster's own version. */
    version: z.string(),
  }),
]);
export type ReviewBody = z.infer<typeof reviewBodySchema>;

export const reviewEventSchema = z.object({
  /** From 1, without gaps, over all runbooks. */
  seq: z.number().int().positive(),
  /** Wall clock, UTC. */
  time: z.iso.datetime(),
  body: reviewBodySchema,
  /** SHA-256 (hex) of the previous event; 64 zeros for the first. */
  prev: z.string(),
  /** SHA-256 (hex) of this event's canonical form without `hash`. */
  hash: z.string(),
});
/** One line of the ledger of reviews. */
export type ReviewEvent = z.infer<typeof reviewEventSchema>;
