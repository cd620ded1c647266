import { readKeyPattern } from '../../../core/objects/key-pattern.ts';
import { type TimeBasis, timeTeller } from '../../../core/objects/object-time.ts';
import { failure } from '../failures.ts';
import { inParallel } from '../in-parallel.ts';
import type { ObjectEntry, ObjectStore } from '../store.ts';

/** Metadata is asked for so many objects at most, and so many at once. */
const MOST_HEADS = 1000;
const WIDTH = 8;

/** What a step says of the time of objects; a pattern that says a day speaks for itself. */
export function basisOf({
  by,
  pattern,
}: {
  by?: string | undefined;
  pattern?: string | undefined;
}): TimeBasis {
  if (by?.startsWith('metadata:')) return { from: 'metadata', name: by.slice('metadata:'.length) };
  const read = by !== 'modified' && pattern !== undefined ? readKeyPattern(pattern) : null;
  return read?.ok === true && read.pattern.hasTime && pattern !== undefined
    ? { from: 'name', pattern }
    : { from: 'modified' };
}

/** How to tell the time of these objects; their metadata is read where that is needed. */
export async function tellerFor(
  store: ObjectStore,
  basis: TimeBasis,
  prefix: string,
  objects: readonly ObjectEntry[],
  signal: AbortSignal,
): Promise<(object: ObjectEntry) => Date | null> {
  if (basis.from !== 'metadata') return timeTeller(basis, prefix);
  if (objects.length > MOST_HEADS) {
    throw failure(
      'too-many-objects',
      `The metadata of ${objects.length} objects would have to be read; ${MOST_HEADS} are the most.`,
      'Nothing was changed.',
      'Narrow the prefix, or say a pattern or a suffix.',
    );
  }
  const metadata = new Map<ObjectEntry, Record<string, string>>();
  await inParallel(objects, WIDTH, signal, async (object, inner) => {
    const { bucket, key, version } = object;
    const head = await store.head({ bucket, key, version, signal: inner });
    metadata.set(object, head?.metadata ?? {});
  });
  return timeTeller<ObjectEntry>(basis, prefix, (object) => metadata.get(object) ?? {});
}
