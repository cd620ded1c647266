import { z } from 'zod';
import {
  eventViewSchema,
  podViewSchema,
  workloadViewSchema,
} from '../kubernetes/workloads-view.ts';

/**
 * What the window is told of a run's target while its live panel is open. All of it is plain text
 * and bounded, whatever a cluster answers; no credential is in it. Times are milliseconds since 1970.
 */

/** How a connection does. */
const linkSchema = z.object({
  /** When the target answered last and proved who it is; null before the first time. */
  at: z.number().nullable(),
  /** Why there was no answer since, or null. */
  problem: z.object({ code: z.string(), what: z.string(), next: z.string() }).nullable(),
});
export type LiveLink = z.infer<typeof linkSchema>;

const shownEventSchema = eventViewSchema.omit({ namespace: true, object: true });

const shownWorkloadSchema = workloadViewSchema
  .omit({ namespace: true, createdAt: true })
  .extend({ event: shownEventSchema.nullable() });
export type ShownWorkload = z.infer<typeof shownWorkloadSchema>;

const shownPodSchema = podViewSchema
  .pick({
    name: true,
    reason: true,
    message: true,
    ready: true,
    containers: true,
    restarts: true,
    notReadySince: true,
  })
  .extend({
    /** Ready, or ended well. */
    isWell: z.boolean(),
    event: shownEventSchema.nullable(),
  });
export type ShownPod = z.infer<typeof shownPodSchema>;

const shownWorkloadsSchema = z.object({
  namespace: z.string(),
  workloads: z.array(shownWorkloadSchema),
  pods: z.array(shownPodSchema),
  /** How many there are besides. */
  moreWorkloads: z.number(),
  morePods: z.number(),
  /** When this was last known to be true. */
  at: z.number(),
  /** Why it is not fresh, or null. */
  problem: z.string().nullable(),
});
export type ShownWorkloads = z.infer<typeof shownWorkloadsSchema>;

const shownObjectsSchema = z.object({
  /** `s3://backups/orders/`. */
  prefix: z.string(),
  /** The newest first; keys as seen from the prefix. */
  newest: z.array(z.object({ key: z.string(), size: z.number(), modified: z.number() })),
  more: z.number(),
  /** The size of all, in bytes. */
  total: z.number(),
  /** When it was read last; null before the first time. */
  at: z.number().nullable(),
  problem: z.string().nullable(),
});
export type ShownObjects = z.infer<typeof shownObjectsSchema>;

export const podNameSchema = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'the name of a pod');

/** A stretch of a pod's log. Lines are numbered from 0. */
const shownLogSchema = z.object({
  pod: z.string(),
  lines: z.array(z.string()),
  /** Lines before these that the window has not had and that are not kept any more. */
  missed: z.number(),
  /** What stands behind the last line of all, until the next answer: it may begin a secret. */
  open: z.string(),
  /** The number to ask from next time. */
  next: z.number(),
  /** Its container has ended. */
  isEnded: z.boolean(),
  problem: z.string().nullable(),
});
export type ShownLog = z.infer<typeof shownLogSchema>;

export const liveViewSchema = z.object({
  run: z.string(),
  role: z.string(),
  /** Null where the target has no such part. */
  cluster: linkSchema.nullable(),
  store: linkSchema.nullable(),
  /** Null before the first answer. */
  workloads: shownWorkloadsSchema.nullable(),
  /** Null where the runbook names no prefix, too. */
  objects: shownObjectsSchema.nullable(),
  log: shownLogSchema.nullable(),
  /** The run is not driven here any more: what stands here stays as it was then. */
  isOver: z.boolean(),
});
export type LiveView = z.infer<typeof liveViewSchema>;
