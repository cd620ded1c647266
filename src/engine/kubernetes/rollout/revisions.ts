import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { type Cluster, describePlace, type Place } from '../objects/cluster.ts';
import { objectSchema, ownerOf } from '../objects/object.ts';
import type { Workload } from './status.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

const replicaSetSchema = objectSchema.extend({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).optional() }).nullish(),
    }),
  }),
});

const controllerRevisionSchema = objectSchema.extend({
  revision: z.number(),
  data: z.looseObject({ spec: z.looseObject({ template: z.looseObject({}) }) }),
});

/** One state of a workload's pods that the cluster remembers. */
export interface Revision {
  number: number;
  template: Record<string, unknown>;
}

/** What the cluster remembers of a workload, the newest first. Throws MusterError where it cannot. */
export async function revisionsOf(
  cluster: Cluster,
  place: Place,
  workload: Workload,
): Promise<Revision[]> {
  const { uid } = workload.metadata;
  const isDeployment = place.resource.kind === 'Deployment';
  if (!isDeployment && !['StatefulSet', 'DaemonSet'].includes(place.resource.kind)) {
    throw new MusterError({
      code: 'kubernetes-no-rollout',
      what: `${describePlace(place)} has no revisions to go back to.`,
      safe: 'Nothing was changed.',
      next: 'Name a Deployment, a StatefulSet or a DaemonSet.',
    });
  }
  const revisions = isDeployment
    ? await ofDeployment(cluster, place, uid)
    : await ofController(cluster, place, uid);
  return revisions.sort((a, b) => b.number - a.number);
}

async function ofDeployment(
  cluster: Cluster,
  place: Place,
  uid: string | undefined,
): Promise<Revision[]> {
  const resource = await cluster.named('replicasets.apps');
  const sets = await cluster.list(resource, place.namespace, {}, replicaSetSchema);
  return sets
    .filter((set) => ownerOf(set) === uid)
    .map((set) => {
      const { template } = set.spec;
      const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
      return {
        number: Number(set.metadata.annotations?.[REVISION] ?? 0),
        template: { ...template, metadata: { ...template.metadata, labels } },
      };
    });
}

async function ofController(
  cluster: Cluster,
  place: Place,
  uid: string | undefined,
): Promise<Revision[]> {
  const resource = await cluster.named('controllerrevisions.apps');
  const revisions = await cluster.list(resource, place.namespace, {}, controllerRevisionSchema);
  return revisions
    .filter((revision) => ownerOf(revision) === uid)
    .map(({ revision, data }) => {
      const { $patch: _, ...template } = data.spec.template;
      return { number: revision, template };
    });
}
