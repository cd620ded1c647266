import { z } from 'zod';
import { count, named, namedObjects, namespace, oneObject, settle } from './fields.ts';
import { verb } from './verb.ts';

/** The verbs that act on what runs pods: Deployments, StatefulSets, DaemonSets. */

export const scale = verb({
  schema: z.strictObject({
    scale: namedObjects.describe('What to scale, such as deployment/orders; one or a list.'),
    replicas: count.describe('How many replicas there shall be.'),
    from: count
      .optional()
      .describe('Scale only where there are so many now; otherwise the step fails.'),
    namespace,
    settle,
  }),
  describe: (spec) => `Scale ${named(spec, 'scale')} to ${spec.replicas}`,
  effect: 'changes',
  repeatable: (spec) => spec.from === undefined,
  risk: 'disruptive',
  undoable: true,
  examples: ['scale: deployment/orders\nreplicas: 0'],
});

export const restart = verb({
  schema: z.strictObject({
    restart: namedObjects.describe('What to restart, such as deployment/orders; one or a list.'),
    namespace,
    settle,
  }),
  describe: (spec) => `Restart ${named(spec, 'restart')}`,
  effect: 'changes',
  repeatable: false,
  risk: 'disruptive',
  undoable: false,
  examples: ['restart: statefulset/orders-db'],
});

export const undoRollout = verb({
  schema: z.strictObject({
    'undo-rollout': oneObject.describe('What to roll back, such as deployment/orders.'),
    'to-revision': count
      .optional()
      .describe('The revision to go back to; the one before where left out.'),
    namespace,
    settle,
  }),
  describe: (spec) =>
    `Roll ${named(spec, 'undo-rollout')} back to ${
      spec['to-revision'] === undefined ? 'the revision before' : `revision ${spec['to-revision']}`
    }`,
  effect: 'changes',
  repeatable: (spec) => spec['to-revision'] !== undefined,
  risk: 'disruptive',
  undoable: true,
  examples: ['undo-rollout: deployment/orders'],
});

export const rolloutStatus = verb({
  schema: z.strictObject({
    'rollout-status': namedObjects.describe('Whose rollout to wait for; one or a list.'),
    namespace,
  }),
  describe: (spec) => `Wait for the rollout of ${named(spec, 'rollout-status')}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: ['rollout-status: deployment/orders'],
});
