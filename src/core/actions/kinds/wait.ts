import { z } from 'zod';
import { durationText } from '../duration.ts';
import type { ActionKind } from '../kind.ts';

const schema = z.strictObject({
  for: durationText.describe('How long to wait, such as 30s or 10m.'),
  because: z.string().min(1).optional().describe('Why, for the person who watches.'),
});
export type WaitSpec = z.infer<typeof schema>;

/** A pause of known length, such as the time a cache needs to expire. */
export const wait: ActionKind<WaitSpec> = {
  name: 'wait',
  summary: 'Lets a known time pass before the next step.',
  body: 'yaml',
  schemaFor: () => schema,
  describe: (spec) => `Wait ${spec.for}${spec.because === undefined ? '' : `: ${spec.because}`}`,
  effect: () => 'reads',
  repeatable: () => true,
  risk: () => 'safe',
  results: {},
  uses: [],
  undoable: () => false,
  examples: ['for: 30s\nbecause: DNS answers are kept for 30 s'],
};
