import { z } from 'zod';

/** What a comparison of two texts tells; apart from how it is made, which the window has no use for. */

const wordSchema = z.object({ text: z.string(), changed: z.boolean() });

export const diffLineSchema = z.object({
  kind: z.enum(['same', 'removed', 'added']),
  /** Its line in the text before, from 1; null for an added one. */
  before: z.number().int().positive().nullable(),
  /** Its line in the text after, from 1; null for a removed one. */
  after: z.number().int().positive().nullable(),
  text: z.string(),
  /** The line in pieces, where only some words of it differ from its counterpart; else null. */
  words: z.array(wordSchema).nullable(),
});
export type DiffLine = z.infer<typeof diffLineSchema>;

export const sectionChangeSchema = z.object({
  kind: z.enum(['intro', 'phase', 'step']),
  change: z.enum(['same', 'changed', 'added', 'removed']),
  title: z.string(),
  /** The title before, when it was another one. */
  titleBefore: z.string().nullable(),
  /** Title of the phase it is in; of a removed one, the phase it was in. */
  phase: z.string(),
  /** Its first line in the text after; of a removed one, in the text before. */
  line: z.number().int().positive(),
  /** Where it stood, in words, when it stands elsewhere now. */
  movedFrom: z.string().nullable(),
  lines: z.array(diffLineSchema),
});
export type SectionChange = z.infer<typeof sectionChangeSchema>;

export const comparisonSchema = z.object({
  /** In the order of the text after; what was removed stands where it was. */
  sections: z.array(sectionChangeSchema),
  /** What differs but does not show in any line: line ends, a byte order mark. */
  unseen: z.array(z.string()),
});
/** What changed between two texts of a runbook, by step. Both texts are wholly in it. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** True when nothing differs, not even what does not show. */
export function isSame({ sections, unseen }: Comparison): boolean {
  return (
    unseen.length === 0 &&
    sections.every(({ change, movedFrom }) => change === 'same' && movedFrom === null)
  );
}
