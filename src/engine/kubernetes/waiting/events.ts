import { z } from 'zod';
import type { Cluster } from '../objects/cluster.ts';

/** Events of a cluster (core/v1, which every version serves), as far as they are shown. */
export const eventSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    creationTimestamp: z.string().nullish(),
    resourceVersion: z.string().optional(),
  }),
  involvedObject: z.object({
    kind: z.string().optional(),
    name: z.string().optional(),
    uid: z.string().optional(),
  }),
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  count: z.number().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});
type RawEvent = z.output<typeof eventSchema>;

/** Something that happened to an object, in the cluster's words. */
export interface ObjectEvent {
  /** `pod/orders-0`. */
  object: string;
  uid: string | null;
  isWarning: boolean;
  reason: string;
  message: string;
  count: number;
  /** Milliseconds since 1970. */
  at: number;
}

export function asEvent(raw: RawEvent): ObjectEvent {
  const { kind = 'object', name = '', uid } = raw.involvedObject;
  const at = Date.parse(raw.lastTimestamp ?? raw.eventTime ?? raw.metadata.creationTimestamp ?? '');
  return {
    object: `${kind.toLowerCase()}/${name}`,
    uid: uid ?? null,
    isWarning: raw.type === 'Warning',
    reason: raw.reason ?? '',
    message: raw.message ?? '',
    count: raw.count ?? 1,
    at: Number.isNaN(at) ? 0 : at,
  };
}

/** Warnings about these objects (by UID), the newest first. */
export async function warningsOf(
  cluster: Cluster,
  namespace: string | null,
  uids: ReadonlySet<string>,
): Promise<ObjectEvent[]> {
  const events = await cluster.ofKind('v1', 'Event');
  const found = await cluster.list(
    events,
    namespace,
    { fieldSelector: 'type=Warning' },
    eventSchema,
  );
  return found
    .map(asEvent)
    .filter(({ uid }) => uid !== null && uids.has(uid))
    .sort((a, b) => b.at - a.at);
}
