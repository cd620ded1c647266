import { z } from 'zod';
import { ROLE } from '../actions/read.ts';
import { parseDuration } from '../units.ts';
import { VARIABLE_NAME } from './capture.ts';
import { inputSchema } from './input-specs.ts';
import { runbookKindSchema } from './model.ts';

/** The descriptions are published too: `resources/runbook.schema.json` is made from this schema. */

const duration = z.string().refine((text) => parseDuration(text) !== null);

const role = z.string().regex(ROLE);

/** The front matter of a runbook in Muster's own format. */
export const frontMatterSchema = z
  .strictObject({
    runbook: z
      .literal(1)
      .describe('The version of the format. With this line the file is a Muster runbook.'),
    title: z.string().min(1).optional().describe('Used where the text has no H1; an H1 wins.'),
    kind: runbookKindSchema
      .optional()
      .describe('What the runbook is for. Shown, searched, and the usual mode of its runs.'),
    system: z.string().optional().describe('The system that it is about. Shown and searched.'),
    owner: z.string().optional().describe('The person or team that keeps it right.'),
    review: duration
      .optional()
      .describe('How long a review stays good: a duration with its unit, such as 90d.'),
    timeout: duration
      .optional()
      .describe('How long a run may take before it pauses and says so, such as 2h.'),
    objectives: z
      .array(
        z.strictObject({
          component: z.string().min(1).describe('What recovers; steps name it in proves=.'),
          rto: duration
            .optional()
            .describe('Promised recovery time, such as 30m. Left out: nothing is promised.'),
          rpo: duration
            .optional()
            .describe(
              'Promised bound of the data loss, such as 1h. Left out: nothing is promised.',
            ),
        }),
      )
      .optional()
      .describe('What is promised for each component, one entry a component.'),
    inputs: z
      .record(z.string().regex(VARIABLE_NAME), inputSchema.nullable())
      .optional()
      .describe(
        'What the operator is asked at the start, by the name of the environment variable that carries it.',
      ),
    requires: z
      .strictObject({
        target: z
          .union([z.boolean(), role, z.array(role).min(1).max(10)])
          .optional()
          .describe(
            'Whether the runbook needs a target, or the roles of its targets, the main one first.',
          ),
        tools: z
          .array(z.string())
          .optional()
          .describe('Programs that must be installed, such as psql.'),
        range: z
          .string()
          .optional()
          .describe('The practice environment that each run gets, such as practice.'),
      })
      .optional()
      .describe('What must be there before a run.'),
    guess: z
      .array(z.string())
      .optional()
      .describe(
        'Keys that muster adopt guessed. Correct what is wrong, then take them out of this list.',
      ),
  })
  .describe('The front matter of a Muster runbook.');

export type FrontMatter = z.infer<typeof frontMatterSchema>;

/** The schema as JSON Schema, for editors that complete and check YAML. */
export function frontMatterJsonSchema(): Record<string, unknown> {
  return { title: 'Muster runbook', ...z.toJSONSchema(frontMatterSchema) };
}
