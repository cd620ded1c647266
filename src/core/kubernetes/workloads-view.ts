import { z } from 'zod';

/** What a panel shows of a cluster's namespaces. Times are milliseconds since 1970. */

export const podViewSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  /** As kubectl's STATUS column: Running, Pending, ImagePullBackOff, Completed. */
  reason: z.string(),
  message: z.string().nullable(),
  ready: z.number(),
  containers: z.number(),
  restarts: z.number(),
  isReady: z.boolean(),
  isComplete: z.boolean(),
  notReadySince: z.number().nullable(),
  createdAt: z.number(),
  node: z.string().nullable(),
  /** `deployment/orders`; null for a pod without an owner that is shown. */
  workload: z.string().nullable(),
});
export type PodView = z.output<typeof podViewSchema>;

export const workloadViewSchema = z.object({
  namespace: z.string(),
  /** `deployment/orders`. */
  name: z.string(),
  ready: z.number(),
  desired: z.number(),
  /** What is not as it should be, in words; null where all is well. */
  problem: z.string().nullable(),
  createdAt: z.number(),
});
export type WorkloadView = z.output<typeof workloadViewSchema>;

export const eventViewSchema = z.object({
  namespace: z.string(),
  /** `pod/orders-0`. */
  object: z.string(),
  isWarning: z.boolean(),
  reason: z.string(),
  message: z.string(),
  count: z.number(),
  at: z.number(),
});
export type EventView = z.output<typeof eventViewSchema>;

export interface WorkloadsView {
  workloads: WorkloadView[];
  pods: PodView[];
  /** The newest first. */
  events: EventView[];
  /** True where there is more than is held; the first ones are shown. */
  isCut: boolean;
  /** When this was last known to be true. */
  at: number;
  /** Why it is not fresh: the network is gone or something may not be read; null where it is. */
  problem: string | null;
}
