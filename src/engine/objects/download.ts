import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { cutIntoParts, type Part, partSizeFor } from '../../core/objects/parts.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { formatBytes } from '../../core/units.ts';
import { diskFull, fileFailure } from '../file-failure.ts';
import type { Progress } from '../steps/structured.ts';
import { type Digest, digestFile, openDigest } from './digest.ts';
import { dropPartial, earlierParts, keepState, partialFiles } from './download-state.ts';
import { failure, hasCode, objectChanged, withSafety } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import { comparablePartSizes, type Expected, proofOf } from './integrity.ts';
import { LONG, type Patience, patiently } from './patience.ts';
import { type Meter, startMeter } from './rate.ts';
import { openSettling, type Settling } from './settling.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

/** So many parts at once. */
const WIDTH = 6;
/** How often the state is kept, in ms. */
const KEEP_MS = 1000;

export interface DownloadRequest {
  store: ObjectStore;
  /** The object as it is to be had: its version and ETag hold to the end. */
  head: ObjectHead;
  /** Absolute. */
  file: string;
  expected: Expected[];
  overwrite: boolean;
  signal: AbortSignal;
  log(line: string): void;
  progress(progress: Progress): void;
  patience?: Patience;
  /** In bytes; by the size of the whole if left out. */
  partSize?: number;
}

export interface Downloaded {
  sha256: string;
  /** Who proves the content, in words; null where nobody could. */
  proof: string | null;
  /** How much and how fast, in words. */
  moved: string;
}

/**
 * Brings an object into a file: parts in parallel into a file beside it, which takes its place when
 * all is there and proven. A download that was broken off is taken up where it stood.
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { store, head, file, log, signal } = request;
  const uri = formatObjectUri(head);
  const there = await alreadyThere(request);
  if (there !== null) return there;

  const { part } = partialFiles(file);
  const md5PartSizes = request.expected.length > 0 ? [] : comparablePartSizes(head);
  const isProvable = request.expected.length > 0 || md5PartSizes.length > 0;
  const partSize = request.partSize ?? partSizeFor(head.size);
  const keptSafe = `${file} is unchanged. What was loaded is kept in ${part}: a retry takes it up.`;
  try {
    await fs.mkdir(dirname(file), { recursive: true });
    // What nobody can prove afterwards is not pieced together from two attempts.
    const done = isProvable
      ? await earlierParts(file, store.place, head, partSize)
      : new Set<number>();
    if (done.size === 0) await dropPartial(file);
    const parts = cutIntoParts(head.size, partSize);
    const before = parts.reduce(
      (sum, { number, from, to }) => sum + (done.has(number) ? to - from : 0),
      0,
    );
    if (done.size > 0)
      log(`Takes up an earlier download at ${formatBytes(before)} of ${formatBytes(head.size)}.`);
    await needRoom(file, head.size - before);

    const meter = startMeter(`Downloading ${uri}`, head.size, before, request.progress);
    const out = await fs.open(part, done.size === 0 ? 'w' : 'r+');
    let digest: Digest | null = null;
    try {
      await out.truncate(head.size);
      digest = openDigest({ file: part, sha256: true, md5PartSizes });
      const settling = openSettling(out);
      await fetchParts(request, { out, parts, done, partSize, meter, digest, settling });
      const [digests] = await Promise.all([digest.finish(head.size), settling.finish()]);
      const proof = proofOf(head, request.expected, digests, `${file} is unchanged.`);
      await fs.rename(part, file);
      await dropPartial(file);
      return { sha256: digests.sha256 ?? '', proof, moved: meter.words() };
    } finally {
      digest?.close();
      await out.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    // Neither damaged nor outdated parts are worth keeping, and a full disk needs its room.
    const wanted = fileFailure(error, file, `${file} is unchanged. What was loaded is removed.`);
    const found = hasCode(wanted, 'object-missing') ? objectChanged(uri) : wanted;
    const isUseless = ['checksum-mismatch', 'object-changed', 'disk-full'].some((code) =>
      hasCode(found, code),
    );
    if (isUseless) await dropPartial(file);
    throw withSafety(
      found,
      isUseless ? `${file} is unchanged. What was loaded is removed.` : keptSafe,
    );
  }
}

interface Fetch {
  out: fs.FileHandle;
  parts: Part[];
  /** The numbers of the parts that are there; grows. */
  done: Set<number>;
  partSize: number;
  meter: Meter;
  digest: Digest;
  settling: Settling;
}

async function fetchParts(request: DownloadRequest, fetch: Fetch): Promise<void> {
  const { store, head, file, signal, log } = request;
  const { parts, done, partSize, meter, digest } = fetch;
  const keep = (): Promise<void> => keepState(file, store.place, head, partSize, done);
  let whole = 0;
  const follow = (): void => {
    while (whole < parts.length && done.has(whole + 1)) whole += 1;
    digest.advance(parts[whole - 1]?.to ?? 0);
  };
  follow();
  let keeping: Promise<void> = Promise.resolve();
  let keptAt = 0;
  try {
    const missing = parts.filter(({ number }) => !done.has(number));
    await inParallel(missing, WIDTH, signal, async (part, inner) => {
      await fetchPart({ ...request, signal: inner }, fetch, part);
      done.add(part.number);
      follow();
      if (performance.now() - keptAt < KEEP_MS) return;
      keptAt = performance.now();
      keeping = keeping.then(keep);
      await keeping;
    });
  } catch (error) {
    log(`Stopped after ${meter.words()}.`);
    throw error;
  } finally {
    await keeping.then(keep).catch(() => {});
  }
}

/** One part; after a break it goes on at the byte where it stopped. */
async function fetchPart(request: DownloadRequest, fetch: Fetch, part: Part): Promise<void> {
  const { store, head, signal } = request;
  const { out, meter, settling } = fetch;
  let at = part.from;
  let asked = meter.moved();
  await patiently(
    async () => {
      const range = { from: at, to: part.to, signal, reuses: true };
      for await (const chunk of store.read({ ...head, ...range })) {
        const { bytesWritten } = await out.write(chunk, 0, chunk.length, at);
        // A disk that fills up takes a part of it, and says so at the next try.
        if (bytesWritten < chunk.length) {
          throw diskFull(request.file, chunk.length - bytesWritten, '');
        }
        at += chunk.length;
        meter.add(chunk.length);
        settling.add(chunk.length);
      }
    },
    signal,
    {
      patience: request.patience ?? LONG,
      hasMoved: () => {
        const moved = meter.moved() > asked;
        asked = meter.moved();
        return moved;
      },
      onPause: (error) => {
        request.log(
          `Waits for the store: ${error instanceof Error ? error.message : String(error)}`,
        );
      },
    },
  );
}

/** A file that is there already: the same content is taken as it is, another is not replaced. */
async function alreadyThere(request: DownloadRequest): Promise<Downloaded | null> {
  const { file, head, overwrite } = request;
  const found = await fs.stat(file).catch(() => null);
  if (found === null) return null;
  if (found.isFile() && found.size === head.size) {
    const same = await sameContent(request);
    if (same !== null) return same;
  }
  if (overwrite && found.isFile()) return null;
  throw failure(
    'file-exists',
    `There is ${file} already, with other content.`,
    'It is unchanged, and nothing was loaded.',
    'Move it away, choose another name, or say `overwrite: true`.',
    { place: { file } },
  );
}

/** By the sums that are known, else by the MD5s of the ETag; null where another or nobody can tell. */
async function sameContent({
  file,
  head,
  expected,
  signal,
}: DownloadRequest): Promise<Downloaded | null> {
  const md5PartSizes = expected.length > 0 ? [] : comparablePartSizes(head);
  if (expected.length === 0 && md5PartSizes.length === 0) return null;
  const digests = await digestFile({ file, sha256: true, md5PartSizes }, head.size, signal);
  try {
    const proof = proofOf(head, expected, digests, `${file} is unchanged.`);
    const { sha256 } = digests;
    if (proof === null || sha256 === null) return null;
    return { sha256, proof: `it was there already: ${proof}`, moved: '0 B' };
  } catch (error) {
    if (hasCode(error, 'checksum-mismatch')) return null;
    throw error;
  }
}

async function needRoom(file: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await fs.statfs(dirname(file));
  const room = bavail * bsize;
  if (room < bytes)
    throw diskFull(file, bytes - room, `${file} is unchanged, and nothing was loaded.`);
}
