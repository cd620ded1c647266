import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Part } from '../../core/objects/parts.ts';
import { hasCode } from './failures.ts';
import type { ObjectStore, PartsUpload } from './store.ts';

/**
 * An upload in parts that a try of a step began. It is kept from before the first part on, so that the
 * next try, also after a crash, takes up its parts or removes them.
 */
export const begunUploadSchema = z.object({
  /** The store, in words. */
  place: z.string(),
  bucket: z.string(),
  key: z.string(),
  /** The store's id of the upload. */
  id: z.string(),
  /** What is sent: a SHA-256, or an object with its ETag. */
  content: z.string(),
  /** In bytes. */
  partSize: z.number().int().positive(),
});
export type BegunUpload = z.output<typeof begunUploadSchema>;

/** How a transfer knows of its earlier try, and its next try of it. */
export interface Tries {
  earlier: BegunUpload | null;
  /** Null where no part is in the store any more. */
  keep(begun: BegunUpload | null): void;
}

/** An upload that takes parts. */
export interface OpenUpload {
  upload: PartsUpload;
  /** Of the parts that are whole in the store, by number. */
  etags: Map<number, string>;
  /** Those that are not. */
  missing: Part[];
}

/** Takes up what an earlier try began of the very same, or begins; what it began of another is removed. */
export async function openUpload(
  store: ObjectStore,
  tries: Tries,
  wanted: Omit<BegunUpload, 'id'>,
  about: { metadata: Record<string, string>; parts: readonly Part[]; signal: AbortSignal },
): Promise<OpenUpload> {
  const { bucket, key } = wanted;
  const { metadata, parts, signal } = about;
  const { earlier } = tries;
  if (earlier !== null && earlier.place === wanted.place) {
    const { id, ...of } = earlier;
    const isSame = isDeepStrictEqual(of, wanted);
    const found = isSame ? await partsOf(store, earlier, signal) : null;
    if (found !== null) {
      tries.keep(earlier);
      const etags = new Map<number, string>();
      for (const { number, from, to } of parts) {
        const there = found.get(number);
        if (there?.size === to - from) etags.set(number, there.etag);
      }
      const missing = parts.filter(({ number }) => !etags.has(number));
      return { upload: { bucket, key, id }, etags, missing };
    }
    if (!isSame) await dropEarlier(store, tries, signal);
  }
  const upload = await store.beginParts({ bucket, key, metadata, signal });
  tries.keep({ ...wanted, id: upload.id });
  return { upload, etags: new Map(), missing: [...parts] };
}

/** Removes the parts that an earlier try sent to this store, where nothing takes them up. */
export async function dropEarlier(
  store: ObjectStore,
  { earlier, keep }: Tries,
  signal: AbortSignal,
): Promise<void> {
  if (earlier === null || earlier.place !== store.place) return;
  // What cannot be removed holds nothing up.
  await store.dropParts({ upload: earlier, signal }).then(
    () => keep(null),
    () => {},
  );
}

/** Null where the store knows no such upload any more. */
async function partsOf(store: ObjectStore, upload: PartsUpload, signal: AbortSignal) {
  try {
    return await store.parts({ upload, signal });
  } catch (error) {
    if (hasCode(error, 'upload-gone')) return null;
    throw error;
  }
}
