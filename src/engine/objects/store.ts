/** One object as a listing shows it. */
export interface ObjectEntry {
  bucket: string;
  key: string;
  /** In bytes. */
  size: number;
  /** UTC. */
  modified: Date;
  /** The version's id where the bucket keeps versions and the listing says it, else null. */
  version: string | null;
  etag: string | null;
}

/** One version of an object; a delete marker has no size and no ETag. */
export interface VersionEntry extends ObjectEntry {
  isCurrent: boolean;
  isMarker: boolean;
}

/** What the store says of one object. */
export interface ObjectHead extends ObjectEntry {
  /** Names in lower case. */
  metadata: Record<string, string>;
  /** True where the ETag is made of MD5s of the content, so that it can be compared with them. */
  isEtagMd5: boolean;
}

/** What a bucket is like. */
export interface BucketFacts {
  /** True where what is overwritten or deleted stays as a version. */
  isVersioned: boolean;
  /** True where objects can be locked. */
  hasLocks: boolean;
}

/** One object, or one version of it. */
export interface ObjectName {
  bucket: string;
  key: string;
  version?: string | null | undefined;
}

export interface Cancellable {
  signal: AbortSignal;
}

/** Bytes to be sent. */
export interface Content {
  /** In bytes. */
  length: number;
  /**
   * Reads them, and again for another try. A block may be written over as soon as the next one is
   * asked for.
   */
  blocks(): AsyncIterable<Uint8Array>;
}

/** What was written. */
export interface Written {
  /** Without quotes; null where the store has none. */
  etag: string | null;
  version: string | null;
}

/** An upload in parts that is under way. */
export interface PartsUpload {
  bucket: string;
  key: string;
  id: string;
}

/**
 * An S3 site, or a folder that stands for one. Each call is one request or a few, tried again for
 * some seconds where it changes nothing; each ends within a bounded time, with MusterError where it
 * fails (codes: `failures.ts`). ETags are without quotes.
 */
export interface ObjectStore {
  /** Where it is, in words: an endpoint or a folder. No credential. */
  place: string;
  list(request: { bucket: string; prefix: string } & Cancellable): AsyncIterable<ObjectEntry>;
  /** All versions and delete markers; of a bucket without versions the objects. */
  versions(request: { bucket: string; prefix: string } & Cancellable): AsyncIterable<VersionEntry>;
  /** Null where there is no such object. */
  head(request: ObjectName & Cancellable): Promise<ObjectHead | null>;
  /**
   * The bytes from `from` up to, not including, `to`; tried once. Throws `object-changed` where the
   * object's ETag is no longer `etag`. With `reuses` the memory of a chunk may be written over as
   * soon as the next one is asked for, which makes a large transfer faster.
   */
  read(
    request: ObjectName & {
      etag: string | null;
      from: number;
      to: number;
      reuses?: boolean;
    } & Cancellable,
  ): AsyncIterable<Uint8Array>;
  /** Tried once. */
  put(
    request: ObjectName & { content: Content; metadata: Record<string, string> } & Cancellable,
  ): Promise<Written>;
  beginParts(
    request: ObjectName & { metadata: Record<string, string> } & Cancellable,
  ): Promise<PartsUpload>;
  /** Tried once. Its ETag. Throws `upload-gone` where the store knows no such upload. */
  putPart(
    request: { upload: PartsUpload; number: number; content: Content } & Cancellable,
  ): Promise<string>;
  /**
   * What is in the store of an upload: ETags and sizes in bytes by the number of the part. Throws
   * `upload-gone` where the store knows no such upload.
   */
  parts(
    request: { upload: PartsUpload } & Cancellable,
  ): Promise<Map<number, { etag: string; size: number }>>;
  endParts(
    request: { upload: PartsUpload; parts: { number: number; etag: string }[] } & Cancellable,
  ): Promise<Written>;
  /** Forgets the parts; does nothing where the store knows no such upload. */
  dropParts(request: { upload: PartsUpload } & Cancellable): Promise<void>;
  /**
   * Deletes a version, or the object; in a bucket with versions the latter adds a delete marker,
   * whose version is returned. Does nothing where there is no such object.
   */
  remove(request: ObjectName & Cancellable): Promise<{ marker: string | null }>;
  /** Why this object may not be deleted now, in words, or null. */
  lock(request: ObjectName & Cancellable): Promise<string | null>;
  facts(request: { bucket: string } & Cancellable): Promise<BucketFacts>;
  /** Who owns the bucket: an id that does not change, or null where the store does not say. */
  owner(request: { bucket: string } & Cancellable): Promise<string | null>;
  /** Lets go of its connections. */
  close(): void;
}

/** What shows that a store and a bucket are the ones that were pinned. */
export interface StoreIdentity {
  place: string;
  bucket: string;
  owner: string | null;
}

/** For the guard against the wrong target. Throws MusterError where the bucket is missing. */
export async function storeIdentity(
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<StoreIdentity> {
  return { place: store.place, bucket, owner: await store.owner({ bucket, signal }) };
}
