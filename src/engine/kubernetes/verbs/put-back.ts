import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import type { Done } from '../../steps/structured.ts';
import { describePlace, type Place } from '../objects/cluster.ts';
import { type KubeObject, objectSchema } from '../objects/object.ts';
import { seconds, type Work } from './work.ts';

const beforeSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().nullable(),
  name: z.string(),
  /** Null where there was none; `secret` where it is not kept because it holds secret values. */
  object: z.union([objectSchema, z.literal('secret')]).nullable(),
});
/** An object as it was before a step. */
export type Before = z.output<typeof beforeSchema>;

/** What of an object is kept to put it back: nothing that the server sets, and no secret values. */
export function remember(place: Place, object: KubeObject | null): Before {
  const { group, version, kind } = place.resource;
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    namespace: place.namespace,
    name: place.name,
    object: object === null ? null : kind === 'Secret' ? 'secret' : bare(object),
  };
}

function bare(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const {
    managedFields,
    uid,
    creationTimestamp,
    generation,
    selfLink,
    resourceVersion,
    ...metadata
  } = object.metadata;
  return { ...rest, metadata };
}

/** Puts objects back as they were: deletes what a step made and writes what was there. */
export async function putBack(work: Work<unknown>, before: unknown): Promise<Done> {
  const began = Date.now();
  const kept = z.array(beforeSchema).parse(before);
  const counts = { deleted: 0, put: 0 };
  const secrets: Place[] = [];
  // In reverse, so that what others stand on goes last.
  for (const one of kept.reverse()) {
    const resource = await work.cluster.ofKind(one.apiVersion, one.kind);
    const place: Place = { resource, namespace: one.namespace, name: one.name };
    const now = await work.cluster.find(place);
    if (one.object === 'secret') {
      secrets.push(place);
      continue;
    }
    if (one.object === null) {
      if (now === null) continue;
      const doing = `delete ${describePlace(place)}`;
      if (await work.cluster.remove(place, now.metadata.uid, { doing })) counts.deleted += 1;
    } else {
      await write(work, place, one.object, now);
      counts.put += 1;
    }
    work.context.log(`${describePlace(place)} is as it was before.`);
  }
  if (secrets.length > 0) throw notKept(secrets);
  return {
    summary: `Put ${counts.put} objects back and deleted ${counts.deleted} in ${seconds(began)}.`,
    values: { count: counts.put + counts.deleted },
  };
}

async function write(
  work: Work<unknown>,
  place: Place,
  object: KubeObject,
  now: KubeObject | null,
): Promise<void> {
  const doing = `put ${describePlace(place)} back`;
  if (now === null) {
    await work.cluster.create(place, object, { doing, mark: () => true });
    return;
  }
  const { resourceVersion, uid } = now.metadata;
  await work.cluster.replace(
    place,
    {
      ...object,
      metadata: {
        ...object.metadata,
        ...(resourceVersion !== undefined && { resourceVersion }),
        ...(uid !== undefined && { uid }),
      },
    },
    doing,
  );
}

function notKept(places: readonly Place[]): MusterError {
  return new MusterError({
    code: 'kubernetes-secret-not-kept',
    what: `${places.map(describePlace).join(', ')} cannot be put back: the values of secrets are never kept.`,
    safe: 'Everything else is as it was before. These secrets were left as they are.',
    next: 'Write their values again from where they are kept, with a `secret` step.',
  });
}
