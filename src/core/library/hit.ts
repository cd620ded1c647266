import { z } from 'zod';
import { libraryEntrySchema } from './entry.ts';

export const markedSchema = z.object({
  text: z.string(),
  /** Offsets into `text`, in order, apart from each other. */
  marks: z.array(
    z.object({ start: z.number().int().nonnegative(), end: z.number().int().positive() }),
  ),
});

/** One place in a runbook that matches. */
export const hitPlaceSchema = z.object({
  /** Id of the step; null for an intro. */
  step: z.string().nullable(),
  line: z.number().int().positive(),
  title: markedSchema,
  /** Of the commands or the prose; null when the title alone matches. */
  snippet: markedSchema.extend({ code: z.boolean() }).nullable(),
});
export type HitPlace = z.infer<typeof hitPlaceSchema>;

/** One runbook that matches, with the places where it does. */
export const libraryHitSchema = z.object({
  entry: libraryEntrySchema,
  title: markedSchema,
  /** The first few, best first. */
  places: z.array(hitPlaceSchema),
  /** How many places match beyond these. */
  morePlaces: z.number().int().nonnegative(),
});
export type LibraryHit = z.infer<typeof libraryHitSchema>;
