import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { objectSchema } from '../objects/object.ts';
import { conditionSchema } from '../pods/pod.ts';
import type { Look } from '../waiting/wait-until.ts';

const count = z.number().optional();

/** What Deployments, StatefulSets, DaemonSets and ReplicaSets say of their pods. */
export const workloadSchema = objectSchema.extend({
  spec: z.looseObject({
    replicas: count,
    paused: z.boolean().optional(),
    template: z.looseObject({}).optional(),
    updateStrategy: z
      .looseObject({
        type: z.string().optional(),
        rollingUpdate: z.looseObject({ partition: count }).nullish(),
      })
      .optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: count,
      updatedNumberScheduled: count,
      numberAvailable: count,
      numberReady: count,
      conditions: z.array(conditionSchema).optional(),
    })
    .optional(),
});
export type Workload = z.output<typeof workloadSchema>;

/** Kinds whose rollout can be waited for. */
export const rollingKinds: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
];

/** How many pods a workload wants and how many of them are ready. */
export function readiness({ kind, spec, status }: Workload): { ready: number; desired: number } {
  if (kind === 'DaemonSet') {
    return { ready: status?.numberReady ?? 0, desired: status?.desiredNumberScheduled ?? 0 };
  }
  return { ready: status?.readyReplicas ?? 0, desired: spec.replicas ?? 1 };
}

/**
 * Where a rollout stands. Throws MusterError `kubernetes-rollout-failed` where the cluster itself
 * gave it up, `kubernetes-no-rollout` for what has none.
 */
export function rolloutLook(workload: Workload): Look {
  const { kind, metadata, status = {}, spec } = workload;
  const { desired } = readiness(workload);
  const at = (isDone: boolean, done: number, label: string): Look => ({
    isDone,
    done,
    total: desired,
    label,
  });
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return at(false, 0, 'waiting for the controller to see the change');
  }
  switch (kind) {
    case 'Deployment': {
      const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
      if (progressing?.reason === 'ProgressDeadlineExceeded')
        throw gaveUp(workload, progressing.message);
      const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
      if (updatedReplicas < desired)
        return at(false, updatedReplicas, `${updatedReplicas} of ${desired} updated`);
      if (replicas > updatedReplicas) {
        return at(false, updatedReplicas, `${replicas - updatedReplicas} old pods are ending`);
      }
      return at(
        availableReplicas >= desired,
        availableReplicas,
        `${availableReplicas} of ${desired} available`,
      );
    }
    case 'StatefulSet': {
      const { updatedReplicas = 0, readyReplicas = 0, replicas = 0 } = status;
      const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
      const toUpdate = Math.max(0, desired - partition);
      if (replicas > desired) return at(false, desired, `${replicas - desired} pods are ending`);
      if (readyReplicas < desired)
        return at(false, readyReplicas, `${readyReplicas} of ${desired} ready`);
      const isRolling = spec.updateStrategy?.type !== 'OnDelete';
      const isOld = status.updateRevision !== status.currentRevision;
      if (isRolling && isOld && updatedReplicas < toUpdate) {
        return at(false, updatedReplicas, `${updatedReplicas} of ${toUpdate} updated`);
      }
      return at(true, readyReplicas, `${readyReplicas} of ${desired} ready`);
    }
    case 'DaemonSet': {
      const { updatedNumberScheduled: updated = 0, numberAvailable = 0 } = status;
      const isRolling = spec.updateStrategy?.type !== 'OnDelete';
      if (isRolling && updated < desired)
        return at(false, updated, `${updated} of ${desired} updated`);
      return at(
        numberAvailable >= desired,
        numberAvailable,
        `${numberAvailable} of ${desired} available`,
      );
    }
    case 'ReplicaSet':
    case 'ReplicationController': {
      const { readyReplicas = 0, replicas = 0 } = status;
      return at(
        readyReplicas >= desired && replicas <= desired,
        readyReplicas,
        `${readyReplicas} of ${desired} ready`,
      );
    }
    default:
      throw new MusterError({
        code: 'kubernetes-no-rollout',
        what: `${kind?.toLowerCase() ?? 'object'}/${metadata.name} has no rollout to wait for.`,
        safe: 'Nothing was changed.',
        next: 'Name a Deployment, a StatefulSet or a DaemonSet, or wait for a condition.',
      });
  }
}

function gaveUp({ metadata }: Workload, message: string | null | undefined): MusterError {
  return new MusterError({
    code: 'kubernetes-rollout-failed',
    what: `The rollout of deployment/${metadata.name} made no progress within its own deadline${message ? `: ${message.replace(/\.$/, '')}` : ''}.`,
    safe: 'The pods of the revision before are kept as far as the strategy allows.',
    next: 'Mend the cause and restart it, or undo the rollout.',
  });
}
