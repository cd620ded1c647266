import type { z } from 'zod';
import { type ActionKind, oneVerb, type Spec } from '../kind.ts';
import { annotate, apply, createJob, label, patch, remove, secret } from './kubernetes/changes.ts';
import { cordon, drain, uncordon } from './kubernetes/nodes.ts';
import { copyIn, copyOut, exec, portForward } from './kubernetes/pods.ts';
import { get, logs, wait } from './kubernetes/reading.ts';
import type { Verb } from './kubernetes/verb.ts';
import { restart, rolloutStatus, scale, undoRollout } from './kubernetes/workloads.ts';

/** The verbs in the order of the documentation. */
export const kubernetesVerbs = {
  get,
  wait,
  logs,
  scale,
  restart,
  'rollout-status': rolloutStatus,
  'undo-rollout': undoRollout,
  apply,
  patch,
  delete: remove,
  label,
  annotate,
  secret,
  'create-job': createJob,
  exec,
  'copy-out': copyOut,
  'copy-in': copyIn,
  'port-forward': portForward,
  cordon,
  uncordon,
  drain,
} as const;

export type KubernetesVerb = keyof typeof kubernetesVerbs;
/** The body of a verb as its schema makes it. */
export type KubernetesSpecOf<V extends KubernetesVerb> = z.output<
  (typeof kubernetesVerbs)[V]['schema']
>;
export type KubernetesSpec = { [V in KubernetesVerb]: KubernetesSpecOf<V> }[KubernetesVerb];

const schemas = Object.fromEntries(
  Object.entries(kubernetesVerbs).map(([name, { schema }]) => [name, schema]),
) as { [V in KubernetesVerb]: (typeof kubernetesVerbs)[V]['schema'] };

/** The verb of a mapping, or null where it has none or several. */
export function kubernetesVerbOf(spec: Spec): KubernetesVerb | null {
  const found = Object.keys(kubernetesVerbs).filter((name) => Object.hasOwn(spec, name));
  return found.length === 1 ? (found[0] as KubernetesVerb) : null;
}

function verbOf(spec: Spec): Verb | null {
  const name = kubernetesVerbOf(spec);
  return name === null ? null : kubernetesVerbs[name];
}

function said<T>(value: T | ((spec: Spec) => T), spec: Spec): T {
  return typeof value === 'function' ? (value as (spec: Spec) => T)(spec) : value;
}

/** What Muster does on a cluster by itself, without kubectl. */
export const kubernetes: ActionKind<KubernetesSpec> = {
  name: 'kubernetes',
  summary: 'Acts on a Kubernetes cluster: reads, waits, scales, applies, runs in pods, copies.',
  body: 'yaml',
  schemaFor: oneVerb(schemas),
  describe: (spec) => verbOf(spec)?.describe(spec) ?? 'Act on the cluster',
  effect: (spec) => said(verbOf(spec)?.effect ?? 'changes', spec),
  repeatable: (spec) => said(verbOf(spec)?.repeatable ?? false, spec),
  risk: (spec) => said(verbOf(spec)?.risk ?? 'disruptive', spec),
  results: {
    name: 'The name of the object, the pod or the job.',
    namespace: 'The namespace it is in.',
    value: 'get: what `jsonpath` chose, as text; wait: the value waited for.',
    json: 'get: the object or the list as JSON, without managedFields and without secret data.',
    count: 'How many objects were read, changed, deleted or evicted.',
    exists: 'get: whether the object exists.',
    replicas: 'scale: the replicas now.',
    'replicas-before': 'scale: the replicas before.',
    revision: 'undo-rollout: the revision it went back to.',
    'exit-code': 'exec: the exit code.',
    stdout: 'exec: what it printed, at most 64 kB, without the last line break.',
    line: 'logs: the line that matched, or the last one.',
    bytes: 'copy-out, copy-in: the bytes copied; exec with `output`: the bytes written.',
    sha256: 'copy-out, copy-in of one file: its SHA-256 in hexadecimal.',
    path: 'copy-out: where the copy is.',
    host: 'port-forward: the address on this machine.',
    port: 'port-forward: the port on this machine.',
  },
  uses: ['kubernetes'],
  undoable: (spec) => verbOf(spec)?.undoable ?? false,
  examples: Object.values(kubernetesVerbs).flatMap(({ examples }) => [...examples]),
};
