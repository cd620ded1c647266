import { z } from 'zod';
import { patternFault } from '../../../runbook/pattern/pattern.ts';
import { durationText } from '../../duration.ts';
import { switchValue } from '../../scalars.ts';
import { container, count, named, namespace, objects, oneObject, selector } from './fields.ts';
import { verb } from './verb.ts';

/** The verbs that change nothing. */

const jsonPath = z
  .string()
  .regex(/^\{.*\}$|^[.$]/, { error: 'is no JSON path; write such as {.status.phase}' });

export const get = verb({
  schema: z.strictObject({
    get: objects.describe('What to read: deployment/orders, a list, or a kind such as pods.'),
    selector,
    namespace,
    'all-namespaces': switchValue.optional().describe('Looks in all namespaces.'),
    jsonpath: jsonPath
      .optional()
      .describe('What of it becomes the value, such as {.spec.replicas}.'),
    'missing-ok': switchValue
      .default(false)
      .describe('Whether it is no failure where the object does not exist.'),
  }),
  describe: (spec) => `Read ${named(spec, 'get')}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: [
    "get: deployment/orders\njsonpath: '{.spec.replicas}'",
    'get: pods\nselector: app=orders',
  ],
});

/** `rollout`, `complete`, `failed`, `deleted`, `condition=Ready`, `jsonpath={.status.phase}=Running`. */
const goal = z
  .string()
  .regex(
    /^(rollout|complete|failed|deleted|condition=[A-Za-z][\w.-]*(=\w+)?|jsonpath=\{.+\}=.*)$/s,
    {
      error:
        'is nothing to wait for; write rollout, complete, failed, deleted, condition=NAME or jsonpath={PATH}=VALUE',
    },
  );

export const wait = verb({
  schema: z.strictObject({
    wait: objects.describe(
      'What to wait for: deployment/orders, a list, or a kind and a selector.',
    ),
    for: goal.describe(
      'rollout, complete or failed (a job), deleted, condition=Ready, condition=Ready=False or jsonpath={.status.phase}=Running.',
    ),
    selector,
    namespace,
  }),
  describe: (spec) => `Wait until ${named(spec, 'wait')}: ${spec.for}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: [
    'wait: job/restore\nfor: complete',
    'wait: pods\nselector: app=orders\nfor: condition=Ready',
  ],
});

export const logs = verb({
  schema: z.strictObject({
    logs: oneObject.describe('Whose logs: pod/orders-0, or deployment/orders for one of its pods.'),
    container,
    namespace,
    tail: count.optional().describe('How many of the last lines.'),
    since: durationText.optional().describe('How far back, such as 10m.'),
    previous: switchValue.optional().describe('The container before its last restart.'),
    until: z
      .string()
      .min(1)
      .refine((text) => patternFault(text) === null, { error: 'is no usable pattern' })
      .optional()
      .describe('Follows the log until a line matches this pattern.'),
  }),
  describe: (spec) =>
    spec.until === undefined
      ? `Read the log of ${named(spec, 'logs')}`
      : `Follow the log of ${named(spec, 'logs')} until ${spec.until}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: ['logs: statefulset/orders-db\nuntil: ready to accept connections'],
});
