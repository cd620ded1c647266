import { createHash } from 'node:crypto';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { formatBytes } from '../../core/units.ts';
import type { Progress } from '../steps/structured.ts';
import { type ArchiveKind, checkArchive, kindByName } from './archive/check.ts';
import type { Digests } from './digest-messages.ts';
import { failure, hasCode, objectChanged } from './failures.ts';
import { comparablePartSizes, type Expected, proofOf } from './integrity.ts';
import { patiently, SHORT } from './patience.ts';
import { readWhole } from './read-back.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

export interface VerifyRequest {
  store: ObjectStore;
  head: ObjectHead;
  size: number | undefined;
  minSize: number | undefined;
  expected: Expected[];
  archive: ArchiveKind | 'auto';
  signal: AbortSignal;
  progress(progress: Progress): void;
}

export interface Verified {
  sha256: string;
  /** What was found to be right, in words, one line each. */
  found: string[];
}

const SAFE = 'Nothing was changed.';

/** Reads an object once from end to end and holds it against all that is known of it. */
export async function verifyObject(request: VerifyRequest): Promise<Verified> {
  const { store, head, signal, progress } = request;
  const uri = formatObjectUri(head);
  checkSize(request, uri);
  const found = [`size: ${head.size} bytes`];

  const read = (from: number, to: number): Promise<Buffer> =>
    patiently(
      async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of store.read({ ...head, from, to, signal })) chunks.push(chunk);
        return Buffer.concat(chunks);
      },
      signal,
      { patience: SHORT },
    );
  const source = readWhole(store, head, signal, progress);
  try {
    const kind =
      request.archive === 'auto'
        ? kindByName(head.key, await read(0, Math.min(head.size, 16)))
        : request.archive;
    const sums = summing(head, source);
    const archive = await checkArchive(kind, { uri, size: head.size, whole: sums.whole, read });
    // A checker may stop before the last byte; a checksum does not.
    for await (const _ of sums.whole);
    const digests = sums.end();
    const proof = proofOf(head, request.expected, digests, SAFE);
    found.push(proof === null ? 'checksum: there is none to compare with' : `checksum: ${proof}`);
    found.push(`archive: ${archive}`);
    return { sha256: digests.sha256 ?? '', found };
  } catch (error) {
    throw hasCode(error, 'object-missing') ? objectChanged(uri) : error;
  } finally {
    await source.return(undefined);
  }
}

function checkSize({ head, size, minSize }: VerifyRequest, uri: string): void {
  const wrong =
    size !== undefined && head.size !== size
      ? `${uri} has ${head.size} bytes; it should have ${size}.`
      : minSize !== undefined && head.size < minSize
        ? `${uri} has only ${formatBytes(head.size)}; it should have at least ${formatBytes(minSize)}.`
        : head.size === 0
          ? `${uri} is empty.`
          : null;
  if (wrong === null) return;
  throw failure(
    'size-mismatch',
    wrong,
    SAFE,
    'Use another backup, and find out why it has this size.',
  );
}

/** The bytes as they pass, with their sums at the end. May be read on by another consumer. */
function summing(head: ObjectHead, source: AsyncGenerator<Uint8Array>) {
  const sha256 = createHash('sha256');
  const [partSize = head.size] = comparablePartSizes(head);
  const sums: string[] = [];
  let md5 = createHash('md5');
  let left = partSize;
  const take = (chunk: Uint8Array): void => {
    sha256.update(chunk);
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + left);
      md5.update(piece);
      from += piece.length;
      left -= piece.length;
      if (left > 0) continue;
      sums.push(md5.digest('hex'));
      md5 = createHash('md5');
      left = partSize;
    }
  };
  // No generator: one consumer's end must not end the source.
  const whole: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const next = await source.next();
        if (next.done !== true) take(next.value);
        return next;
      },
    }),
  };
  const end = (): Digests => {
    if (left < partSize) sums.push(md5.digest('hex'));
    return { sha256: sha256.digest('hex'), md5s: [{ partSize, sums }] };
  };
  return { whole, end };
}
