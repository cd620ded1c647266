import { z } from 'zod';
import type { Spec } from '../../kind.ts';
import { switchValue } from '../../scalars.ts';
import { container, count, named, namespace, oneObject } from './fields.ts';
import { verb } from './verb.ts';

/** The verbs that go into a pod. */

export const exec = verb({
  schema: z.strictObject({
    exec: oneObject.describe(
      'Where: pod/orders-0, or deployment/orders for one of its ready pods.',
    ),
    command: z
      .array(z.union([z.string(), z.number()]).transform(String))
      .min(1)
      .describe('The program and its arguments, one by one. No shell reads them.'),
    container,
    namespace,
    stdin: z.string().min(1).optional().describe('A file beside the runbook that it reads.'),
    output: z
      .string()
      .min(1)
      .optional()
      .describe('A file beside the runbook that takes what it prints, instead of the record.'),
    reads: switchValue.default(false).describe('Says that the command changes nothing.'),
    'exit-codes': z
      .array(count)
      .default([0])
      .describe('The exit codes that count as success; 0 alone where left out.'),
  }),
  describe: (spec) => {
    const command = Array.isArray(spec.command) ? spec.command.join(' ') : String(spec.command);
    return `Run ${command} in ${named(spec, 'exec')}`;
  },
  effect: (spec) => (spec.reads === true ? 'reads' : 'changes'),
  repeatable: (spec) => spec.reads === true,
  risk: (spec) => (spec.reads === true ? 'safe' : 'disruptive'),
  undoable: false,
  examples: ['exec: statefulset/orders-db\ncommand: [pg_isready, -t, "5"]\nreads: true'],
});

const inPod = {
  container,
  namespace,
  path: z.string().min(1).describe('The file or folder in the container.'),
};

function copied(spec: Spec, verbName: string): string {
  return `${spec.path} ${verbName === 'copy-out' ? 'out of' : 'into'} ${named(spec, verbName)}`;
}

export const copyOut = verb({
  schema: z.strictObject({
    'copy-out': oneObject.describe('The pod, or what has pods, such as statefulset/orders-db.'),
    ...inPod,
    to: z.string().min(1).describe('The file or folder to write, beside the runbook.'),
  }),
  describe: (spec) => `Copy ${copied(spec, 'copy-out')}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: ['copy-out: statefulset/orders-db\npath: /backups/orders.dump\nto: orders.dump'],
});

export const copyIn = verb({
  schema: z.strictObject({
    'copy-in': oneObject.describe('The pod, or what has pods, such as statefulset/orders-db.'),
    from: z.string().min(1).describe('The file or folder to send, beside the runbook.'),
    ...inPod,
  }),
  describe: (spec) => `Copy ${spec.from} to ${copied(spec, 'copy-in')}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  undoable: false,
  examples: ['copy-in: pod/orders-db-0\nfrom: orders.dump\npath: /restore/orders.dump'],
});

export const portForward = verb({
  schema: z
    .strictObject({
      'port-forward': z
        .union([z.literal('close'), oneObject])
        .describe('Where to: pod/x, service/x, deployment/x. Or `close`.'),
      id: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'is no id' })
        .default('main')
        .describe('Its name in this run, by which it is closed.'),
      port: count.optional().describe('The port of the pod, or of the service where it is one.'),
      local: count.default(0).describe('The port on this machine; a free one where left out.'),
      namespace,
    })
    .refine((spec) => spec['port-forward'] === 'close' || spec.port !== undefined, {
      error: 'is missing',
      path: ['port'],
    }),
  describe: (spec) =>
    spec['port-forward'] === 'close'
      ? `Close the port-forward ${spec.id ?? 'main'}`
      : `Forward a local port to port ${spec.port} of ${named(spec, 'port-forward')}`,
  effect: 'reads',
  repeatable: true,
  risk: 'safe',
  undoable: false,
  examples: [
    'port-forward: service/orders-db\nport: 5432\nid: db\ncapture: {DB_PORT: port}',
    'port-forward: close\nid: db',
  ],
});
