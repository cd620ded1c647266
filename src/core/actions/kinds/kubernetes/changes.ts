import { z } from 'zod';
import { durationText } from '../../duration.ts';
import type { Spec } from '../../kind.ts';
import { switchValue } from '../../scalars.ts';
import { named, namespace, objects, oneObject, selector } from './fields.ts';
import { verb } from './verb.ts';

/** The verbs that write objects. */

const manifest = z.looseObject({ apiVersion: z.string().min(1), kind: z.string().min(1) });

/** A path, YAML text of several documents, one object or a list of objects. */
const manifests = z.union([z.string().min(1), manifest, z.array(manifest).min(1)]);

const valueText = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value));

function whatOf(value: unknown): string {
  if (typeof value === 'string') return value.includes('\n') ? 'the objects written here' : value;
  if (Array.isArray(value)) return `${value.length} objects`;
  if (typeof value !== 'object' || value === null) return 'objects';
  const { kind, metadata } = value as { kind?: unknown; metadata?: { name?: unknown } };
  return `${String(kind).toLowerCase()}/${String(metadata?.name)}`;
}

function namedManifest(spec: Spec, verbName: string): string {
  const where = spec.namespace === undefined ? '' : ` in ${spec.namespace}`;
  return `${whatOf(spec[verbName])}${where}`;
}

export const apply = verb({
  schema: z.strictObject({
    apply: manifests.describe(
      'A file or a folder beside the runbook, an object, a list of objects, or YAML text.',
    ),
    namespace,
    force: switchValue
      .default(false)
      .describe('Takes over fields that another manager set; otherwise that is a conflict.'),
    settle: switchValue
      .default(false)
      .describe('Whether to wait for the rollout of what was applied; false where left out.'),
    'from-backup': switchValue
      .default(false)
      .describe(
        'Says that the manifests were read out of a cluster: what the cluster filled in or makes itself is left out.',
      ),
  }),
  describe: (spec) => `Apply ${namedManifest(spec, 'apply')}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  undoable: true,
  examples: [
    'apply: manifests/orders.yaml',
    'apply: restore/configmaps.yaml\nfrom-backup: true',
    'apply:\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: orders}\n  data: {mode: read-only}',
  ],
});

export const patch = verb({
  schema: z.strictObject({
    patch: oneObject.describe('What to patch, such as deployment/orders.'),
    with: z
      .union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())).min(1)])
      .describe('The patch: a mapping, or a list of operations with type json.'),
    type: z
      .enum(['strategic', 'merge', 'json'])
      .optional()
      .describe(
        'strategic for what Kubernetes itself defines and merge for others where left out.',
      ),
    namespace,
  }),
  describe: (spec) => `Patch ${named(spec, 'patch')}`,
  effect: 'changes',
  // A list of operations may add to what is there.
  repeatable: (spec) => !Array.isArray(spec.with),
  risk: 'disruptive',
  undoable: true,
  examples: ['patch: service/orders\nwith:\n  spec: {selector: {app: maintenance}}'],
});

/** What holds data that no manifest brings back. */
const HOLDS_DATA =
  /^(pvc|persistentvolume|pv|namespace|ns|crd|customresourcedefinition|secret|node|no\b)/i;

export const remove = verb({
  schema: z
    .strictObject({
      delete: objects.describe(
        'What to delete: deployment/orders, a list, or a kind and a selector.',
      ),
      selector,
      namespace,
      grace: durationText.optional().describe('How long its pods have to end.'),
      cascade: z
        .enum(['background', 'foreground', 'orphan'])
        .default('background')
        .describe('What becomes of what it owns.'),
      'missing-ok': switchValue
        .default(true)
        .describe('Whether it is no failure where the object does not exist; true where left out.'),
      settle: switchValue.default(true).describe('Whether to wait until it is gone.'),
    })
    .refine(
      (spec) => spec.selector !== undefined || spec.delete.every((one) => one.includes('/')),
      {
        error:
          'names no object; write its name or a selector, so that not all of a kind are deleted',
        path: ['delete'],
      },
    ),
  describe: (spec) => `Delete ${named(spec, 'delete')}`,
  effect: 'changes',
  repeatable: (spec) => spec['missing-ok'] !== false,
  risk: (spec) => {
    const values = [spec.delete].flat().map(String);
    return values.every((value) => /^(pods?|po)(\/|$)/i.test(value)) ? 'disruptive' : 'destructive';
  },
  undoable: true,
  examples: ['delete: job/restore', 'delete: pods\nselector: app=orders\ngrace: 30s'],
});

/** Whether an object can be made again from what was read of it before. */
export function canBeMadeAgain(object: string): boolean {
  return !HOLDS_DATA.test(object);
}

const metadataChange = {
  selector,
  namespace,
  set: z.record(z.string().min(1), valueText).default({}).describe('Keys and their values.'),
  remove: z.array(z.string().min(1)).default([]).describe('Keys to take away.'),
};

export const label = verb({
  schema: z.strictObject({
    label: objects.describe('What to label: deployment/orders, a list, or a kind and a selector.'),
    ...metadataChange,
  }),
  describe: (spec) => `Label ${named(spec, 'label')}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  undoable: true,
  examples: ['label: service/orders\nset: {traffic: "off"}'],
});

export const annotate = verb({
  schema: z.strictObject({
    annotate: objects.describe('What to annotate: one, a list, or a kind and a selector.'),
    ...metadataChange,
  }),
  describe: (spec) => `Annotate ${named(spec, 'annotate')}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  undoable: true,
  examples: ['annotate: namespace/orders\nset: {maintenance: restore}\nremove: [owner-on-call]'],
});

export const secret = verb({
  schema: z.strictObject({
    secret: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, {
        error: 'is no name of a secret',
      })
      .describe('The name of the secret to create or to update.'),
    data: z
      .record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.string().min(1))
      .describe('Keys and the references to their values, such as vault:orders-db.'),
    type: z.string().optional().describe('Its type; Opaque where left out.'),
    namespace,
  }),
  describe: (spec) => `Write secret/${spec.secret}`,
  effect: 'changes',
  repeatable: true,
  risk: 'disruptive',
  // The values before are never read into a record, so they cannot be put back.
  undoable: false,
  examples: ['secret: orders-db\ndata: {password: "vault:orders-db"}'],
});

export const createJob = verb({
  schema: z.strictObject({
    'create-job': z
      .union([
        z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$/, { error: 'is no name of a job' }),
        manifest,
      ])
      .describe('The name of the new job with `from`, or the whole job as an object.'),
    from: z
      .string()
      .regex(/^[a-z.0-9]+\/[a-z0-9][a-z0-9.-]*$/i)
      .optional()
      .describe('The CronJob to take it from, such as cronjob/nightly-backup.'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('A manifest beside the runbook that holds the job.'),
    namespace,
    settle: switchValue
      .default(true)
      .describe('Whether to wait until it is complete; true where left out.'),
  }),
  describe: (spec) =>
    `Run job ${whatOf(spec['create-job'])}${spec.from === undefined ? '' : ` from ${spec.from}`}`,
  effect: 'changes',
  repeatable: false,
  risk: 'disruptive',
  undoable: true,
  examples: ['create-job: backup-now\nfrom: cronjob/nightly-backup'],
});
