/** Where an object or a prefix is, within a store. */
export interface ObjectPlace {
  bucket: string;
  /** A key or a prefix; may be empty. */
  key: string;
}

const URI = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{0,254})(?:\/(.*))?$/s;

/** Reads `s3://bucket/key`; null where the text is none. */
export function parseObjectUri(text: string): ObjectPlace | null {
  const match = URI.exec(text);
  const bucket = match?.[1];
  return bucket === undefined ? null : { bucket, key: match?.[2] ?? '' };
}

export function formatObjectUri({ bucket, key }: ObjectPlace): string {
  return `s3://${bucket}/${key}`;
}

/** What follows the last slash. */
export function baseName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** A key as seen from a prefix: what follows the prefix's last slash. */
export function relativeKey(key: string, prefix: string): string {
  return key.slice(prefix.lastIndexOf('/') + 1);
}
