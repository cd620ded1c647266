import { z } from 'zod';
import { objectSchema } from '../objects/object.ts';

const stateSchema = z.object({
  waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  running: z.object({ startedAt: z.string().nullish() }).optional(),
  terminated: z
    .object({
      reason: z.string().optional(),
      message: z.string().optional(),
      exitCode: z.number(),
      signal: z.number().optional(),
      finishedAt: z.string().nullish(),
    })
    .optional(),
});

const containerStatusSchema = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number(),
  state: stateSchema.optional(),
  lastState: stateSchema.optional(),
});
type ContainerStatus = z.output<typeof containerStatusSchema>;

export const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTransitionTime: z.string().nullish(),
});

const portSchema = z.looseObject({ name: z.string().optional(), containerPort: z.number() });

export const podSchema = objectSchema.extend({
  spec: z.looseObject({
    nodeName: z.string().optional(),
    containers: z.array(z.looseObject({ name: z.string(), ports: z.array(portSchema).optional() })),
    initContainers: z.array(z.looseObject({ name: z.string() })).optional(),
    volumes: z
      .array(z.looseObject({ name: z.string(), emptyDir: z.unknown().optional() }))
      .optional(),
  }),
  status: z.looseObject({
    phase: z.string().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
    startTime: z.string().nullish(),
    conditions: z.array(conditionSchema).optional(),
    initContainerStatuses: z.array(containerStatusSchema).optional(),
    containerStatuses: z.array(containerStatusSchema).optional(),
  }),
});
export type Pod = z.output<typeof podSchema>;

/** A pod in a few words. */
export interface PodState {
  /** As kubectl's STATUS column: Running, Pending, CrashLoopBackOff, Init:0/1, Terminating. */
  reason: string;
  /** More of it in the cluster's words; null where there is none. */
  message: string | null;
  ready: number;
  containers: number;
  restarts: number;
  /** All containers ready, and not about to go. */
  isReady: boolean;
  /** It ended well. */
  isComplete: boolean;
  /** Since when it is not ready; milliseconds since 1970, null where that is unknown. */
  notReadySince: number | null;
}

export function podState(pod: Pod): PodState {
  const statuses = pod.status.containerStatuses ?? [];
  const init = pod.status.initContainerStatuses ?? [];
  const blocked = blockedInit(pod, init) ?? blockedContainer(statuses) ?? unscheduled(pod);
  const isGoing = pod.metadata.deletionTimestamp != null;
  const reason = isGoing
    ? pod.status.reason === 'NodeLost'
      ? 'NodeLost'
      : 'Terminating'
    : (blocked?.reason ?? pod.status.reason ?? pod.status.phase ?? 'Unknown');
  const condition = pod.status.conditions?.find(({ type }) => type === 'Ready');
  const isComplete = pod.status.phase === 'Succeeded';
  const since = Date.parse(
    condition?.lastTransitionTime ?? pod.status.startTime ?? pod.metadata.creationTimestamp ?? '',
  );
  const isReady = condition?.status === 'True' && !isGoing;
  return {
    reason: isComplete && !isGoing ? 'Completed' : reason,
    message: blocked?.message ?? pod.status.message ?? condition?.message ?? null,
    ready: statuses.filter(({ ready }) => ready).length,
    containers: pod.spec.containers.length,
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    isReady,
    isComplete,
    notReadySince: isReady || isComplete || Number.isNaN(since) ? null : since,
  };
}

interface Blocked {
  reason: string;
  message: string | null;
}

function blockedInit(pod: Pod, statuses: readonly ContainerStatus[]): Blocked | null {
  const total = pod.spec.initContainers?.length ?? 0;
  const done = statuses.filter(({ state }) => state?.terminated?.exitCode === 0).length;
  if (done >= total || statuses.length === 0) return null;
  const at = statuses.find(({ state }) => state?.terminated?.exitCode !== 0);
  const why = at && blockedContainer([at]);
  return {
    reason: why ? `Init:${why.reason}` : `Init:${done}/${total}`,
    message: why?.message ?? null,
  };
}

function blockedContainer(statuses: readonly ContainerStatus[]): Blocked | null {
  for (const { state, lastState } of statuses) {
    const waiting = state?.waiting;
    if (waiting?.reason !== undefined) {
      const last = lastState?.terminated;
      const ended = last && `it ended with exit code ${last.exitCode}`;
      return { reason: waiting.reason, message: waiting.message ?? ended ?? null };
    }
    const ended = state?.terminated;
    if (ended && ended.exitCode !== 0) {
      return {
        reason:
          ended.reason ?? (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`),
        message: ended.message ?? `it ended with exit code ${ended.exitCode}`,
      };
    }
  }
  return null;
}

function unscheduled(pod: Pod): Blocked | null {
  const condition = pod.status.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return condition
    ? { reason: condition.reason ?? 'Unschedulable', message: condition.message ?? null }
    : null;
}
