import { z } from 'zod';
import { markedSchema } from './hit.ts';

/** One note of a run that matches. */
export const noteHitSchema = z.object({
  run: z.string(),
  /** Its place in the run's ledger. */
  seq: z.number().int().positive(),
  /** Title of the run. */
  title: z.string(),
  /** Title of the step that it is about; null for a note on the whole run. */
  step: z.string().nullable(),
  /** UTC. */
  at: z.iso.datetime(),
  by: z.string(),
  /** The note, or the line of it that holds the words. */
  text: markedSchema,
});
export type NoteHit = z.infer<typeof noteHitSchema>;
