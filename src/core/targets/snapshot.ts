import { z } from 'zod';
import { identityKey, identityPartSchema, identityWords, type Pin, partName } from './identity.ts';
import { careLevelSchema, type Target, targetColourSchema, targetNameSchema } from './target.ts';

/**
 * What a run keeps of a target it was bound to, so that its record reads the same when the target
 * was changed or removed.
 */
export const targetSnapshotSchema = z.object({
  name: targetNameSchema,
  colour: targetColourSchema,
  care: careLevelSchema,
  namespace: z.string().nullable(),
  /** Where it leads, in words without credentials: a context, an endpoint, databases. */
  places: z.array(z.string()),
  pinned: z.array(identityPartSchema),
  /** What was pinned, in words. */
  identity: z.string(),
});
export type TargetSnapshot = z.infer<typeof targetSnapshotSchema>;

export function snapshotOf(target: Target, pins: readonly Pin[]): TargetSnapshot {
  const { name, colour, care, namespace } = target;
  return {
    name,
    colour,
    care,
    namespace,
    places: placesOf(target),
    pinned: pins.map(({ part }) => part),
    identity: pins
      .map(({ part }) => `${partName(identityKey(part))} ${identityWords(part)}`)
      .join('; '),
  };
}

/** Where a target leads, one line each. */
export function placesOf({ kubernetes, objectStore, databases, prometheus }: Target): string[] {
  const places: string[] = [];
  if (kubernetes)
    places.push(
      `context ${kubernetes.context} of ${kubernetes.kubeconfig ?? 'the usual kubeconfig'}`,
    );
  if (objectStore?.kind === 'folder') places.push(`folder ${objectStore.path}`);
  if (objectStore?.kind === 's3') {
    const { bucket, endpoint, profile, region } = objectStore;
    const site = endpoint ?? `AWS ${region}`;
    const parts = [`object store ${site}`];
    if (bucket !== null) parts.push(`bucket ${bucket}`);
    if (profile !== null) parts.push(`profile ${profile}`);
    places.push(parts.join(', '));
  }
  for (const [name, { host, port, database, user, through }] of Object.entries(databases)) {
    const way = through === null ? '' : ` through ${through}`;
    places.push(`database ${name}: ${user}@${host}:${port}/${database}${way}`);
  }
  if (prometheus !== null) places.push(`Prometheus ${prometheus}`);
  return places;
}
