import type { ListedObject } from '../../core/objects/listed.ts';
import { planRetention, type Retention, type RetentionPlan } from '../../core/objects/retention.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { failure, withSafety } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { BucketFacts, ObjectEntry, ObjectStore } from './store.ts';

/** Locks are asked for so many objects at once. */
const WIDTH = 8;

export interface PruneRequest {
  store: ObjectStore;
  bucket: string;
  prefix: string;
  retention: Retention;
  permanently: boolean;
  /** The objects, or with `permanently` their versions. */
  objects: readonly ObjectEntry[];
  timeOf(object: ListedObject): Date | null;
  now: Date;
  facts: BucketFacts;
  signal: AbortSignal;
}

/** A delete marker that was added, by which the deletion can be taken back. */
export interface Marker {
  key: string;
  version: string;
}

/** What would go. Locks are asked for those that would, and keep them. */
export async function planPrune(request: PruneRequest): Promise<RetentionPlan<ObjectEntry>> {
  const { store, facts, permanently, signal } = request;
  if (!permanently && !facts.isVersioned) {
    throw failure(
      'prune-refused',
      `The bucket ${request.bucket} keeps no versions: what is deleted there is gone.`,
      'Nothing was deleted.',
      'Turn versions on, or say `permanently: true`.',
    );
  }
  const options = { ...request, ...request.retention };
  const first = planRetention(request.objects, options);
  if (!facts.hasLocks || first.refusal !== null) return first;
  const locks = new Map<ObjectEntry, string>();
  await inParallel(first.goes, WIDTH, signal, async ({ object, companions }, inner) => {
    for (const one of [object, ...companions]) {
      const lock = await store.lock({ ...nameOf(one, permanently), signal: inner });
      // An object and what accompanies it stay together.
      if (lock !== null) locks.set(object, lock);
    }
  });
  return planRetention(request.objects, {
    ...options,
    lockOf: (object) => locks.get(object) ?? null,
  });
}

/**
 * Deletes what the plan lets go, one after the other, oldest first. An object that was replaced
 * since it was listed stays. Throws MusterError where the plan refuses or a request fails.
 */
export async function carryOutPrune(
  request: PruneRequest,
  plan: RetentionPlan<ObjectEntry>,
  { log, onMarker }: { log(line: string): void; onMarker(marker: Marker): void },
): Promise<ObjectEntry[]> {
  const { store, permanently, signal } = request;
  if (plan.refusal !== null) throw refused(plan.refusal);
  const deleted: ObjectEntry[] = [];
  const going = plan.goes.flatMap(({ object, companions }) => [object, ...companions]);
  try {
    for (const object of going) {
      const uri = formatObjectUri(object);
      if (!permanently || object.version === null) {
        const now = await store.head({ bucket: object.bucket, key: object.key, signal });
        if (now === null || now.etag !== object.etag) {
          log(`Left alone, because it was replaced or deleted meanwhile: ${uri}`);
          continue;
        }
      }
      const { marker } = await store.remove({ ...nameOf(object, permanently), signal });
      deleted.push(object);
      if (marker !== null) onMarker({ key: object.key, version: marker });
      log(`${permanently ? 'Deleted for good' : 'Deleted'}: ${versionUri(object)}`);
    }
  } catch (error) {
    signal.throwIfAborted();
    const left = going.length - deleted.length;
    const safe = `${deleted.length} objects were deleted, as the output lists; ${left} of those to go and all that stay are there.`;
    throw withSafety(error, safe);
  }
  return deleted;
}

export function refused(why: string) {
  return failure(
    'prune-refused',
    why,
    'Nothing was deleted.',
    'Check that backups are made and whole; then run the step again.',
  );
}

/** With its version, where it has one. */
export function versionUri(object: ObjectEntry): string {
  const uri = formatObjectUri(object);
  return object.version === null ? uri : `${uri} version ${object.version}`;
}

function nameOf({ bucket, key, version }: ObjectEntry, permanently: boolean) {
  return { bucket, key, version: permanently ? version : null };
}
