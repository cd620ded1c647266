import { z } from 'zod';
import { withChecksum } from '../../../core/objects/checksum-file.ts';
import { baseName, formatObjectUri, parseObjectUri } from '../../../core/objects/uri.ts';
import type { Done } from '../../steps/structured.ts';
import { failure, hasCode } from '../failures.ts';
import { readSmall } from '../integrity.ts';
import { bytesOf } from '../small-content.ts';
import type { ObjectHead, ObjectStore } from '../store.ts';

/** What is known of an object that a step wrote, to take it back. */
const writtenSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  version: z.string().nullable(),
  etag: z.string().nullable(),
  /** False where the same content was there before. */
  isNew: z.boolean(),
  /** True where another content was there before. */
  replaced: z.boolean(),
  manifest: z.string().nullable(),
});

export function beforeWrite(
  head: ObjectHead,
  {
    isNew,
    replaced,
    manifest = null,
  }: { isNew: boolean; replaced: boolean; manifest?: string | null },
): z.infer<typeof writtenSchema> {
  const { bucket, key, version, etag } = head;
  return { bucket, key, version, etag, isNew, replaced, manifest };
}

/** Deletes what an upload or a copy wrote, and nothing that was written since. */
export async function takeBackWrite(
  store: ObjectStore,
  before: unknown,
  signal: AbortSignal,
): Promise<Done> {
  const { version, etag, isNew, replaced, manifest, ...place } = writtenSchema.parse(before);
  const uri = formatObjectUri(place);
  if (!isNew) return { summary: `${uri} was there before: it stays.`, values: {} };
  if (version === null) {
    if (replaced) {
      throw failure(
        'cannot-undo',
        `${uri} replaced another object, and the bucket keeps no versions.`,
        'The new object is there and unchanged.',
        'Bring the earlier content back by hand, or skip the undo with a reason.',
      );
    }
    const now = await store.head({ ...place, signal });
    if (now !== null && now.etag !== etag) {
      throw failure(
        'cannot-undo',
        `${uri} was replaced since.`,
        'The object that is there now is unchanged.',
        'Find out what wrote it, then delete it by hand or skip the undo with a reason.',
      );
    }
  }
  await store.remove({ ...place, version, signal });
  if (manifest !== null) await changeManifest(store, manifest, baseName(place.key), null, signal);
  return { summary: `Deleted ${uri}${version === null ? '' : ` version ${version}`}.`, values: {} };
}

/** Adds an object's sum to a file of checksums, or takes it out; an empty one is deleted. */
export async function changeManifest(
  store: ObjectStore,
  manifest: string,
  name: string,
  sha256: string | null,
  signal: AbortSignal,
): Promise<void> {
  const place = parseObjectUri(manifest);
  if (place === null) throw new Error(`No object URI: ${manifest}`);
  const text = await readSmall(store, manifest, signal).catch((error: unknown) => {
    if (hasCode(error, 'object-missing')) return '';
    throw error;
  });
  const changed = withChecksum(text, name, sha256);
  if (changed === text) return;
  if (changed === '') await store.remove({ ...place, signal });
  else await store.put({ ...place, content: bytesOf(changed), metadata: {}, signal });
}
