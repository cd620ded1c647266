import * as fs from 'node:fs/promises';
import { cutIntoParts, partSizeFor } from '../../core/objects/parts.ts';
import { formatObjectUri } from '../../core/objects/uri.ts';
import { fileFailure } from '../file-failure.ts';
import type { Progress } from '../steps/structured.ts';
import { dropEarlier, type Tries } from './begun-upload.ts';
import { digestFile, etagOfParts } from './digest.ts';
import type { Digests } from './digest-messages.ts';
import { failure, withSafety } from './failures.ts';
import { fileContent } from './file-content.ts';
import { type Arrived, needFreeKey } from './free-key.ts';
import { SHA256_METADATA } from './integrity.ts';
import { LONG, type Patience, patiently } from './patience.ts';
import { startMeter } from './rate.ts';
import { readBack } from './read-back.ts';
import { sendInParts } from './send-in-parts.ts';
import type { ObjectStore } from './store.ts';

export interface UploadRequest {
  store: ObjectStore;
  /** Absolute. */
  file: string;
  bucket: string;
  key: string;
  metadata: Record<string, string>;
  overwrite: boolean;
  tries: Tries;
  signal: AbortSignal;
  log(line: string): void;
  progress(progress: Progress): void;
  patience?: Patience;
  /** In bytes; by the size of the whole if left out. */
  partSize?: number;
}

/** Its SHA-256 is always known. */
export type Uploaded = Arrived & { sha256: string };

/**
 * Brings a file into a store, in parallel parts where it is large, with its SHA-256 as metadata,
 * and proves that it arrived. The same content that is there already is left as it is.
 */
export async function upload(request: UploadRequest): Promise<Uploaded> {
  const { file, bucket, key, signal, progress } = request;
  const uri = formatObjectUri({ bucket, key });
  const rest = new AbortController();
  try {
    const { size, mtimeMs } = await fs.stat(file);
    const partSize = request.partSize ?? partSizeFor(size);
    // All of it is read for the SHA-256 first, because metadata go first. The MD5s are for the end.
    const md5s = digestFile({ file, sha256: false, md5PartSizes: [partSize] }, size, rest.signal);
    md5s.catch(() => {});
    const sums = await digestFile({ file, sha256: true, md5PartSizes: [] }, size, signal, (done) =>
      progress({ label: `Computing the SHA-256 of ${file}`, done, total: size, unit: 'bytes' }),
    );
    const sha256 = sums.sha256 ?? '';
    const there = await needFreeKey(request.store, request, { size, sha256 }, request);
    if (there !== null || size <= partSize) await dropEarlier(request.store, request.tries, signal);
    if (there !== null) return { ...there, sha256 };
    const sent = await send(request, { size, partSize, sha256, md5s });
    const now = await fs.stat(file);
    if (now.size !== size || now.mtimeMs !== mtimeMs) throw sourceChanged(file);
    return sent;
  } catch (error) {
    signal.throwIfAborted();
    const safe = `${file} is unchanged. The store shows nothing of it under ${uri} that was not there before.`;
    throw withSafety(fileFailure(error, file, safe), safe);
  } finally {
    rest.abort();
  }
}

async function send(
  request: UploadRequest,
  about: { size: number; partSize: number; sha256: string; md5s: Promise<Digests> },
): Promise<Uploaded> {
  const { store, file, bucket, key, signal } = request;
  const { size, partSize, sha256, md5s } = about;
  const uri = formatObjectUri({ bucket, key });
  const metadata = { ...request.metadata, [SHA256_METADATA]: sha256 };
  const meter = startMeter(`Uploading ${file}`, size, 0, request.progress);
  const content = fileContent(file, { from: 0, to: size });
  const written =
    size <= partSize
      ? await patiently(() => store.put({ bucket, key, content, metadata, signal }), signal, {
          patience: request.patience ?? LONG,
        })
      : await sendInParts({
          ...request,
          what: 'upload',
          wanted: { bucket, key, content: sha256, partSize },
          metadata,
          parts: cutIntoParts(size, partSize),
          contentOf: (part) => fileContent(file, part),
          isThere: () => isComplete(request, sha256),
          meter,
        });
  if (size <= partSize) meter.add(size);
  const sums = (await md5s).md5s[0]?.sums ?? [];
  const wanted = size <= partSize ? (sums[0] ?? '') : etagOfParts(sums);

  const head = await store.head({ bucket, key, version: written.version, signal });
  if (head === null || head.size !== size || head.metadata[SHA256_METADATA] !== sha256) {
    throw notArrived(uri, 'The object that is there now is another one.');
  }
  const moved = meter.words();
  if (head.isEtagMd5 && head.etag === wanted) {
    return {
      head,
      sha256,
      proof: 'the MD5 of what was sent is that of its ETag',
      moved,
      isNew: true,
    };
  }
  const back = await readBack(store, head, signal, request.progress);
  if (back !== sha256) {
    throw notArrived(uri, `Read back, its SHA-256 is ${back}; the file's is ${sha256}.`);
  }
  return { head, sha256, proof: 'read back, it has the same SHA-256', moved, isNew: true };
}

/** The end of an upload whose answer was lost: the object is there, and it is ours. */
async function isComplete(
  { store, bucket, key, signal }: UploadRequest,
  sha256: string,
): Promise<boolean> {
  const head = await store.head({ bucket, key, signal }).catch(() => null);
  return head?.metadata[SHA256_METADATA] === sha256;
}

function notArrived(uri: string, detail: string) {
  return failure(
    'upload-not-proven',
    `${uri} was sent, but what the store has is not what was sent.`,
    'The file is unchanged. The object in the store must not be used.',
    'Delete the object, check the store, then retry.',
    { detail },
  );
}

function sourceChanged(file: string) {
  return failure(
    'file-changed',
    `${file} was changed while it was sent.`,
    'The file is as its writer left it. The object in the store must not be used.',
    'Let nothing write to the file, then retry with `overwrite: true`.',
    { place: { file } },
  );
}
