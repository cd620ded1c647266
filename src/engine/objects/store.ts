/** One object as a listing shows it. */
export interface ObjectEntry {
  bucket: string;
  key: string;
  /** In bytes. */
  size: number;
  /** UTC. */
  modified: Date;
  /** The version's id where the bucket keeps versions, else null. */
  version: string | null;
  etag: string | null;
}

/** An S3 site, or a folder that stands for one. */
export interface ObjectStore {
  /** Where it is, in words: an endpoint or a folder. No credential. */
  place: string;
  list(request: {
    bucket: string;
    prefix: string;
    signal: AbortSignal;
  }): AsyncIterable<ObjectEntry>;
}
