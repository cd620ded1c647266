import { z } from 'zod';
import { severitySchema } from '../../notify/routes.ts';
import type { ActionKind } from '../kind.ts';
import { webAddress } from './http.ts';

const schema = z.strictObject({
  title: z.string().min(1).max(200).describe('What it is about, in one line.'),
  text: z.string().max(10_000).default('').describe('The message.'),
  severity: severitySchema
    .default('info')
    .describe(
      'info, warning, error or critical; it decides who is told. info where it is left out.',
    ),
  team: z.string().min(1).optional().describe('Tells the channels of this team too.'),
  channels: z
    .array(z.string().min(1))
    .min(1)
    .max(20)
    .optional()
    .describe('Tells exactly these channels, whatever the severity.'),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Names and values to go with it.'),
  link: webAddress.optional().describe('Where to read more.'),
  event: z
    .enum(['trigger', 'acknowledge', 'resolve'])
    .default('trigger')
    .describe(
      'What becomes of the alarm where a channel keeps alarms; trigger where it is left out.',
    ),
  key: z
    .string()
    .regex(/^[\w.:-]{1,200}$/, { error: 'is no key; use letters, digits and ._:-' })
    .optional()
    .describe(
      'The same for all messages about one alarm, so that one step triggers and a later one resolves.',
    ),
});
export type NotifySpec = z.infer<typeof schema>;

/** Tells people. It never stops a run: what could not be delivered is said and tried again. */
export const notify: ActionKind<NotifySpec> = {
  name: 'notify',
  summary: 'Tells people through the channels that the severity leads to.',
  body: 'yaml',
  schemaFor: () => schema,
  describe: (spec) => `Tell people (${spec.severity ?? 'info'}): ${spec.title}`,
  effect: () => 'changes',
  // A message that is sent twice carries the same key.
  repeatable: () => true,
  risk: () => 'safe',
  results: {
    verdict: 'healthy when all channels took the message, degraded when not.',
    delivered: 'How many channels took it.',
    key: 'The key of the message.',
  },
  uses: [],
  undoable: () => false,
  examples: [
    'title: Restore of orders began\nseverity: warning\nteam: platform\ndetails: {Backup: nightly}',
    'title: Orders is back\nseverity: critical\nevent: resolve\nkey: orders-down',
  ],
};
