import { z } from 'zod';
import { withChecksum } from '../../../core/objects/checksum-file.ts';
import { baseName, formatObjectUri, parseObjectUri } from '../../../core/objects/uri.ts';
import type { Done, StepContext } from '../../steps/structured.ts';
import { type BegunUpload, begunUploadSchema, type Tries } from '../begun-upload.ts';
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

/** What was there before a step; null where nothing was. */
const thereSchema = z
  .object({ etag: z.string().nullable(), version: z.string().nullable() })
  .nullable();
const keptSchema = z.object({ there: thereSchema, begun: begunUploadSchema.nullable() });
type There = z.output<typeof thereSchema>;

/**
 * Keeps what is there before the step writes, and what it begins. An earlier try may have written
 * already: then what it found was there before.
 */
export function keepThere(
  { earlier, keep }: Pick<StepContext<unknown>, 'earlier' | 'keep'>,
  now: ObjectHead | null,
): { there: There; tries: Tries } {
  const kept = keptSchema.nullable().parse(earlier());
  const there = kept === null ? now && { etag: now.etag, version: now.version } : kept.there;
  const keepBegun = (begun: BegunUpload | null): void => keep({ there, begun });
  keepBegun(kept?.begun ?? null);
  return { there, tries: { earlier: kept?.begun ?? null, keep: keepBegun } };
}

export function beforeWrite(
  { bucket, key, version, etag }: ObjectHead,
  { isNew, there, manifest = null }: { isNew: boolean; there: There; manifest?: string | null },
): z.infer<typeof writtenSchema> {
  const isOther = there === null || there.etag !== etag || there.version !== version;
  return {
    bucket,
    key,
    version,
    etag,
    isNew: isNew || isOther,
    replaced: there !== null,
    manifest,
  };
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
