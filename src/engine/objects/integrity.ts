import { checksumFor } from '../../core/objects/checksum-file.ts';
import { likelyPartSizes } from '../../core/objects/parts.ts';
import { formatObjectUri, parseObjectUri } from '../../core/objects/uri.ts';
import { etagOfParts } from './digest.ts';
import type { Digests } from './digest-messages.ts';
import { failure, objectMissing } from './failures.ts';
import { patiently, SHORT } from './patience.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

/** Under this name Muster stores the SHA-256 with an object. */
export const SHA256_METADATA = 'sha256';

/** A SHA-256 that the content must have, and who says so. */
export interface Expected {
  by: string;
  sha256: string;
}

/** Larger than any list of checksums, in bytes. */
const MOST_MANIFEST = 1024 * 1024;
const READ_SAFE = 'Nothing was written.';

/** What is known of an object's content beforehand: from the step, a manifest, its metadata. */
export async function expectedSums(
  store: ObjectStore,
  head: ObjectHead,
  given: { sha256?: string | undefined; manifest?: string | undefined },
  signal: AbortSignal,
): Promise<Expected[]> {
  const sums: Expected[] = [];
  if (given.sha256 !== undefined) sums.push({ by: 'the step', sha256: given.sha256 });
  if (given.manifest !== undefined) {
    const text = await readSmall(store, given.manifest, signal);
    const sha256 = checksumFor(text, head.key);
    if (sha256 === null) {
      throw failure(
        'manifest-silent',
        `${given.manifest} holds no SHA-256 for ${formatObjectUri(head)}.`,
        READ_SAFE,
        'Check that it is the manifest of this backup, then retry.',
      );
    }
    sums.push({ by: given.manifest, sha256 });
  }
  const stored = head.metadata[SHA256_METADATA]?.toLowerCase();
  if (stored !== undefined && /^[0-9a-f]{64}$/.test(stored)) {
    sums.push({ by: "the object's metadata", sha256: stored });
  }
  return sums;
}

/** The part sizes whose MD5s can be compared with the ETag; none where it is no MD5. */
export function comparablePartSizes({ etag, isEtagMd5, size }: ObjectHead): number[] {
  const match = isEtagMd5 ? /^[0-9a-f]{32}(?:-(\d+))?$/.exec(etag ?? '') : null;
  if (match === null) return [];
  // One part that holds it all.
  if (match[1] === undefined) return [Math.max(1, size)];
  return likelyPartSizes(size, Number(match[1])).slice(0, 2);
}

/**
 * Who proves that the content is whole, in words; null where nobody can. Throws MusterError
 * `checksum-mismatch` where it is not.
 */
export function proofOf(
  head: ObjectHead,
  expected: readonly Expected[],
  { sha256, md5s }: Digests,
  safe: string,
): string | null {
  for (const { by, sha256: wanted } of expected) {
    if (wanted !== sha256)
      throw mismatch(head, `The SHA-256 is ${sha256}; by ${by} it is ${wanted}.`, safe);
  }
  if (expected.length > 0) return `SHA-256 as ${expected.map(({ by }) => by).join(' and ')} has it`;
  const isSingle = !(head.etag ?? '').includes('-');
  for (const { sums } of md5s) {
    if ((isSingle ? sums.join() : etagOfParts(sums)) === head.etag) return 'MD5 as its ETag has it';
  }
  // The size of the parts was a guess, but the whole is the whole.
  if (isSingle && md5s[0] !== undefined) {
    throw mismatch(
      head,
      `The MD5 is ${md5s[0].sums.join()}; by its ETag it is ${head.etag}.`,
      safe,
    );
  }
  return null;
}

function mismatch(head: ObjectHead, detail: string, safe: string) {
  return failure(
    'checksum-mismatch',
    `The content of ${formatObjectUri(head)} is not what it should be.`,
    safe,
    'Retry once. If it happens again, the object is damaged: use another backup.',
    { detail },
  );
}

/** Reads a small object as text. */
export async function readSmall(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal,
): Promise<string> {
  const place = parseObjectUri(uri);
  const head = place === null ? null : await store.head({ ...place, signal });
  if (head === null) throw objectMissing(store.place, uri);
  return patiently(
    async () => {
      const chunks: Uint8Array[] = [];
      const to = Math.min(head.size, MOST_MANIFEST);
      for await (const chunk of store.read({ ...head, from: 0, to, signal })) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    },
    signal,
    { patience: SHORT },
  );
}
