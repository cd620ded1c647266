import type { S3Specs, S3Verb } from '../../../core/actions/kinds/s3-schema.ts';
import { formatObjectUri, type ObjectPlace, parseObjectUri } from '../../../core/objects/uri.ts';
import type { Done, StepContext } from '../../steps/structured.ts';
import { failure, objectMissing } from '../failures.ts';
import type { ObjectEntry, ObjectHead, ObjectStore, VersionEntry } from '../store.ts';

export type VerbContext<V extends S3Verb> = StepContext<S3Specs[V]>;

/** One verb of the `s3` fence. `preview` throws where something stands against it. */
export interface Verb<V extends S3Verb> {
  preview(context: VerbContext<V>, store: ObjectStore): Promise<{ text: string; detail?: string }>;
  act(context: VerbContext<V>, store: ObjectStore): Promise<Done>;
  undo?(context: VerbContext<V>, store: ObjectStore, before: unknown): Promise<Done>;
}

/** No listing of more objects is held in memory. */
const MOST_OBJECTS = 200_000;

/** A place that the schema has checked. */
export function placeOf(uri: string): ObjectPlace {
  const place = parseObjectUri(uri);
  if (place === null) throw new Error(`No object URI: ${uri}`);
  return place;
}

/** All objects of a prefix, or with `versions` also earlier versions and deleted objects. */
export async function entriesOf(
  store: ObjectStore,
  { bucket, key }: ObjectPlace,
  versions: boolean,
  signal: AbortSignal,
): Promise<ObjectEntry[]> {
  const request = { bucket, prefix: key, signal };
  const found: ObjectEntry[] = [];
  for await (const entry of versions
    ? withoutMarkers(store.versions(request))
    : store.list(request)) {
    found.push(entry);
    if (found.length > MOST_OBJECTS) {
      throw failure(
        'too-many-objects',
        `${formatObjectUri({ bucket, key })} has more than ${MOST_OBJECTS} objects.`,
        'Nothing was changed.',
        'Narrow the prefix.',
      );
    }
  }
  return found;
}

async function* withoutMarkers(versions: AsyncIterable<VersionEntry>): AsyncGenerator<ObjectEntry> {
  for await (const { isMarker, isCurrent: _, ...entry } of versions) if (!isMarker) yield entry;
}

/** Throws MusterError `object-missing`. */
export async function needHead(
  store: ObjectStore,
  place: ObjectPlace & { version?: string | undefined },
  signal: AbortSignal,
): Promise<ObjectHead> {
  const head = await store.head({ ...place, signal });
  if (head === null) throw objectMissing(store.place, formatObjectUri(place));
  return head;
}

/** The results that every verb about one object gives. `time` is that of the object if left out. */
export function valuesOf(
  entry: ObjectEntry,
  { time = entry.modified, sha256 = '' }: { time?: Date; sha256?: string | null } = {},
): Done['values'] {
  return {
    bucket: entry.bucket,
    key: entry.key,
    uri: formatObjectUri(entry),
    version: entry.version ?? '',
    size: entry.size,
    modified: entry.modified.toISOString(),
    time: time.toISOString(),
    etag: entry.etag ?? '',
    sha256: sha256 ?? '',
  };
}

/** The key of a file or an object that is sent to a prefix, or the key that is named. */
export function keyFor(place: ObjectPlace, name: string): string {
  return place.key === '' || place.key.endsWith('/') ? place.key + name : place.key;
}

/** A number of objects, in words. */
export function counted(count: number): string {
  return count === 1 ? '1 object' : `${count} objects`;
}
