import { z } from 'zod';
import { durationText } from '../../duration.ts';
import { selector } from './fields.ts';
import { verb } from './verb.ts';

/** The verbs that act on nodes. */

const node = z
  .string()
  .regex(/^(nodes?\/|no\/)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, {
    error: 'is no name of a node',
  })
  .transform((text) => text.replace(/^.*\//, ''));

export const cordon = verb({
  schema: z.strictObject({ cordon: node.describe('The node that shall take no new pods.') }),
  describe: (spec) => `Cordon node ${spec.cordon}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  undoable: true,
  examples: ['cordon: node-1'],
});

export const uncordon = verb({
  schema: z.strictObject({ uncordon: node.describe('The node that shall take pods again.') }),
  describe: (spec) => `Uncordon node ${spec.uncordon}`,
  effect: 'changes',
  repeatable: true,
  risk: 'safe',
  undoable: true,
  examples: ['uncordon: node-1'],
});

export const drain = verb({
  schema: z.strictObject({
    drain: node.describe('The node to empty. It is cordoned first.'),
    selector,
    daemonsets: z
      .enum(['ignore', 'refuse'])
      .default('refuse')
      .describe('Pods of DaemonSets stay: whether to go on then.'),
    'empty-dirs': z
      .enum(['delete', 'refuse'])
      .default('refuse')
      .describe('Data in emptyDir volumes is lost: whether to go on then.'),
    unmanaged: z
      .enum(['delete', 'refuse'])
      .default('refuse')
      .describe('Nothing makes a pod without an owner again: whether to go on then.'),
    grace: durationText
      .optional()
      .describe('How long each pod has to end; its own time otherwise.'),
  }),
  describe: (spec) => `Drain node ${spec.drain}`,
  effect: 'changes',
  repeatable: true,
  risk: 'destructive',
  undoable: true,
  examples: ['drain: node-1\ndaemonsets: ignore\nempty-dirs: delete'],
});
