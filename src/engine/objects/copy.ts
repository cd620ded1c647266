import { createHash } from 'node:crypto';
import { cutIntoParts, type Part, partSizeFor } from '../../core/objects/parts.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import type { Progress } from '../steps/structured.ts';
import { openUpload, type Tries } from './begun-upload.ts';
import { etagOfParts } from './digest.ts';
import { failure, hasCode, objectChanged, withSafety } from './failures.ts';
import { comparablePartSizes, SHA256_METADATA } from './integrity.ts';
import { LONG, type Patience, patiently } from './patience.ts';
import { startMeter } from './rate.ts';
import { readBack } from './read-back.ts';
import { sendParts } from './send-parts.ts';
import type { Content, ObjectHead, ObjectName, ObjectStore, Written } from './store.ts';

const DROP_MS = 10_000;
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

export interface Copied {
  head: ObjectHead;
  /** Null where nobody computed it. */
  sha256: string | null;
  proof: string;
  moved: string;
  isNew: boolean;
}

/** MD5s of a part: of all bytes that were handed on for it. */
type Sums = Map<number, string>;

/**
 * Copies an object from one store to another, through this machine and never onto its disk. The
 * parts are cut as those of the source where that is known, so that equal ETags prove the copy.
 */
export async function copyObject(request: CopyRequest): Promise<Copied> {
  const { from, to, head, bucket, key, signal } = request;
  const source = formatObjectUri(head);
  const uri = formatObjectUri({ bucket, key });
  try {
    const there = await needFreeKey(request);
    if (there !== null) return there;
    const sums: Sums = new Map();
    const meter = startMeter(`Copying ${source}`, head.size, 0, request.progress);
    const guess = comparablePartSizes(head).find((size) => size >= LEAST_PART);
    const partSize = head.etag?.includes('-') === true && guess ? guess : partSizeFor(head.size);
    const parts = cutIntoParts(head.size, partSize);
    const contentOf = (part: Part, inner: AbortSignal): Content => ({
      length: part.to - part.from,
      blocks: () => passing(from, head, part, sums, inner),
    });
    const written =
      parts.length > 1
        ? await sendLarge(request, { parts, partSize, sums, contentOf, meter })
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

async function needFreeKey(request: CopyRequest): Promise<Copied | null> {
  const { to, head, bucket, key, overwrite, signal } = request;
  const there = await to.head({ bucket, key, signal });
  if (there === null) return null;
  const sha256 = head.metadata[SHA256_METADATA];
  if (
    there.size === head.size &&
    sha256 !== undefined &&
    there.metadata[SHA256_METADATA] === sha256
  ) {
    const proof = 'it was there already, with the same SHA-256';
    return { head: there, sha256, proof, moved: '0 B', isNew: false };
  }
  if (overwrite) return null;
  throw failure(
    'object-exists',
    `There is ${formatObjectUri(there)} already, with other content.`,
    'It is unchanged, and nothing was sent.',
    'Choose another key, or say `overwrite: true`.',
  );
}

async function sendLarge(
  request: CopyRequest,
  how: {
    parts: Part[];
    partSize: number;
    sums: Sums;
    contentOf(part: Part, signal: AbortSignal): Content;
    meter: ReturnType<typeof startMeter>;
  },
): Promise<Written> {
  const { to, head, bucket, key, signal, log } = request;
  const content = `${formatObjectUri(head)} ${head.version} ${head.etag}`;
  const { upload, etags, missing } = await openUpload(
    to,
    request.tries,
    { place: to.place, bucket, key, content, partSize: how.partSize },
    { metadata: head.metadata, parts: how.parts, signal },
  );
  // The store's own sums stand for those of an earlier try; the source's ETag proves the whole.
  for (const [number, etag] of etags) how.sums.set(number, etag);
  if (missing.length < how.parts.length) {
    const there = how.parts.length - missing.length;
    log(`Takes up an earlier copy: ${there} of ${how.parts.length} parts are there.`);
  }
  try {
    await sendParts({
      ...request,
      ...how,
      parts: missing,
      store: to,
      upload,
      async sent({ number }, etag) {
        etags.set(number, etag);
      },
    });
    const parts = how.parts.map(({ number }) => ({ number, etag: etags.get(number) ?? '' }));
    return await to.endParts({ upload, parts, signal });
  } catch (error) {
    // What is asked for to stop may be taken up again; what failed is cleared away.
    signal.throwIfAborted();
    await to.dropParts({ upload, signal: AbortSignal.timeout(DROP_MS) }).catch(() => {
      log(
        `The parts that were sent could not be removed. The next try takes them up; without one they use room in the store until upload ${upload.id} is aborted.`,
      );
    });
    throw error;
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
): Promise<Copied> {
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
