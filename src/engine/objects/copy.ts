import { createHash } from 'node:crypto';
import { cutIntoParts, type Part, partSizeFor } from '../../core/objects/parts.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import type { Progress } from '../steps/structured.ts';
import { dropEarlier, type Tries } from './begun-upload.ts';
import { etagOfParts } from './digest.ts';
import { failure, hasCode, objectChanged, withSafety } from './failures.ts';
import { type Arrived, needFreeKey } from './free-key.ts';
import { comparablePartSizes, SHA256_METADATA } from './integrity.ts';
import { LONG, type Patience, patiently } from './patience.ts';
import { startMeter } from './rate.ts';
import { readBack } from './read-back.ts';
import { sendInParts } from './send-in-parts.ts';
import type { Content, ObjectHead, ObjectName, ObjectStore, Written } from './store.ts';

/** S3 takes parts from this size, in bytes. */
const LEAST_PART = 5 * 1024 * 1024;

export interface CopyRequest {
  from: ObjectStore;
  /** The object as it is to be had: its version and ETag hold to the end. */
  head: ObjectHead;
  to: ObjectStore;
  bucket: string;
  key: string;
  overwrite: boolean;
  tries: Tries;
  signal: AbortSignal;
  log(line: string): void;
  progress(progress: Progress): void;
  patience?: Patience;
}

/** MD5s of a part: of all bytes that were handed on for it. */
type Sums = Map<number, string>;

/**
 * Copies an object from one store to another, through this machine and never onto its disk. The
 * parts are cut as those of the source where that is known, so that equal ETags prove the copy.
 */
export async function copyObject(request: CopyRequest): Promise<Arrived> {
  const { from, to, head, bucket, key, signal } = request;
  const source = formatObjectUri(head);
  const uri = formatObjectUri({ bucket, key });
  try {
    const content = { size: head.size, sha256: head.metadata[SHA256_METADATA] };
    const there = await needFreeKey(to, request, content, request);
    const sums: Sums = new Map();
    const meter = startMeter(`Copying ${source}`, head.size, 0, request.progress);
    const guess = comparablePartSizes(head).find((size) => size >= LEAST_PART);
    const partSize = head.etag?.includes('-') === true && guess ? guess : partSizeFor(head.size);
    const parts = cutIntoParts(head.size, partSize);
    if (there !== null || parts.length <= 1) await dropEarlier(to, request.tries, signal);
    if (there !== null) return there;
    const contentOf = (part: Part, inner: AbortSignal): Content => ({
      length: part.to - part.from,
      blocks: () => passing(from, head, part, sums, inner),
    });
    const written =
      parts.length > 1
        ? await sendInParts({
            ...request,
            store: to,
            what: 'copy',
            wanted: { bucket, key, content: `${source} ${head.version} ${head.etag}`, partSize },
            metadata: head.metadata,
            parts,
            contentOf,
            // The store's own sums stand for those of an earlier try; the source's ETag proves the whole.
            onThere: (number, etag) => sums.set(number, etag),
            meter,
          })
        : await patiently(
            () =>
              to.put({
                bucket,
                key,
                metadata: head.metadata,
                content: contentOf({ number: 1, from: 0, to: head.size }, signal),
                signal,
              }),
            signal,
            { patience: request.patience ?? LONG },
          );
    if (parts.length <= 1) meter.add(head.size);
    return await proven(request, written, parts.length, sums, meter.words());
  } catch (error) {
    signal.throwIfAborted();
    const found = hasCode(error, 'object-missing') ? objectChanged(source) : error;
    throw withSafety(found, `${source} is unchanged. ${uri} is as it was before.`);
  }
}

/** The bytes of a part on their way, with their MD5. */
async function* passing(
  from: ObjectStore,
  head: ObjectName & { etag: string | null },
  part: Part,
  sums: Sums,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('md5');
  const range = { from: part.from, to: part.to, reuses: true };
  for await (const chunk of from.read({ ...head, ...range, signal })) {
    hash.update(chunk);
    yield chunk;
  }
  sums.set(part.number, hash.digest('hex'));
}

/** Holds what arrived against what left: by ETags where they are MD5s, else by reading both. */
async function proven(
  request: CopyRequest,
  written: Written,
  parts: number,
  sums: Sums,
  moved: string,
): Promise<Arrived> {
  const { from, to, head, bucket, key, signal, progress } = request;
  const uri = formatObjectUri({ bucket, key });
  const there = await to.head({ bucket, key, version: written.version, signal });
  if (there === null || there.size !== head.size) throw notArrived(uri, 'Its size is another.');
  const inOrder = [...sums].sort(([a], [b]) => a - b).map(([, sum]) => sum);
  const md5 = parts > 1 ? etagOfParts(inOrder) : inOrder.join();
  const stored = head.metadata[SHA256_METADATA] ?? null;
  const copied = { head: there, moved, isNew: true };
  if (head.isEtagMd5 && there.isEtagMd5 && there.etag === md5 && head.etag === md5) {
    return { ...copied, sha256: stored, proof: 'its ETag is the MD5 that the source has too' };
  }
  const sha256 = await readBack(to, there, signal, progress);
  const wanted = stored ?? (await readBack(from, head, signal, progress));
  if (sha256 !== wanted) {
    throw notArrived(uri, `Read back, its SHA-256 is ${sha256}; the source's is ${wanted}.`);
  }
  return { ...copied, sha256, proof: 'read back, it has the SHA-256 of the source' };
}

function notArrived(uri: string, detail: string) {
  return failure(
    'copy-not-proven',
    `${uri} was sent, but what the store has is not what was sent.`,
    'The source is unchanged. The copy must not be used.',
    'Delete the copy, check both stores, then retry.',
    { detail },
  );
}
