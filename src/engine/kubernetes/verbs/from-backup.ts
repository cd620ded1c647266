import { z } from 'zod';
import { type KubeObject, ownerOf } from '../objects/object.ts';

/**
 * What of a backup can be written again. A backup that was read out of a cluster (`kubectl get -o
 * yaml`) also holds what the cluster made itself: pods of a Deployment, tokens, volumes that were
 * lost. Written back it would be refused, or be removed at once because its owner has another UID.
 */
export interface FromBackup {
  objects: KubeObject[];
  /** What is left out, and why: one line each. */
  left: string[];
}

/** Kinds that the cluster makes, and why they are left out. */
const MADE_BY_CLUSTER: Readonly<Record<string, string>> = {
  Endpoints: 'its Service makes it again',
  EndpointSlice: 'its Service makes it again',
  Event: 'it tells of what was',
  Lease: 'its holder makes it again',
  PersistentVolume: 'its disk is not in the backup; a claim gets another one',
};

/** Annotations in which the cluster keeps its own books. */
const OWN_ANNOTATIONS =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/|pv\.kubernetes\.io\/|volume\.(?:beta\.)?kubernetes\.io\/storage-provisioner|control-plane\.alpha\.kubernetes\.io\/)/;

export function fromBackup(objects: readonly KubeObject[]): FromBackup {
  const left: string[] = [];
  const kept: KubeObject[] = [];
  for (const object of objects) {
    const why = whyLeftOut(object);
    if (why === null) kept.push(written(object));
    else left.push(`${(object.kind ?? '').toLowerCase()}/${object.metadata.name}: ${why}`);
  }
  return { objects: kept, left };
}

function whyLeftOut(object: KubeObject): string | null {
  const { kind = '', metadata } = object;
  const [owner] = metadata.ownerReferences ?? [];
  if (ownerOf(object) !== undefined) return `${owner?.kind} ${owner?.name} makes it again`;
  if (kind === 'Secret' && object.type === 'kubernetes.io/service-account-token') {
    return 'its service account gets another token';
  }
  if (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') {
    return 'each cluster has its own';
  }
  return MADE_BY_CLUSTER[kind] ?? null;
}

/** Without what the server fills in, which names things that are gone. */
function written(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const {
    creationTimestamp: __,
    deletionTimestamp: ___,
    generation: ____,
    selfLink: _____,
    ownerReferences: ______,
    annotations,
    ...metadata
  } = rest.metadata;
  const ours = Object.entries(annotations ?? {}).filter(([key]) => !OWN_ANNOTATIONS.test(key));
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(ours.length > 0 ? { annotations: Object.fromEntries(ours) } : {}),
    },
    ...specOf(rest),
  };
}

const specSchema = z.looseObject({});

function specOf({ kind, spec }: KubeObject): { spec?: unknown } {
  const read = specSchema.safeParse(spec);
  if (!read.success) return {};
  if (kind === 'Service') {
    const { clusterIP, clusterIPs: _, healthCheckNodePort: __, ...service } = read.data;
    return { spec: clusterIP === 'None' ? { ...service, clusterIP } : service };
  }
  if (kind === 'PersistentVolumeClaim') {
    const { volumeName: _, ...claim } = read.data;
    return { spec: claim };
  }
  return {};
}
