import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { DigestAnswer, DigestJob, DigestRequest, Digests } from './digest-messages.ts';

/** Built files lie one folder below `out/`; the tests run the sources. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? './digest-worker.ts' : '../main/digest-worker.js',
  import.meta.url,
);

/** It holds one block and some sums, in MB. */
const SMALL = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

/** A digest that follows a file while it is written. */
export interface Digest {
  /** The bytes before `to` are there. */
  advance(to: number): void;
  /** Resolves when all `size` bytes are read. */
  finish(size: number): Promise<Digests>;
  /** Ends the thread, done or not. */
  close(): void;
}

/** Computes in a thread of its own, so that neither the window nor the transfer waits for it. */
export function openDigest(job: DigestJob, onRead: (at: number) => void = () => {}): Digest {
  const worker = new Worker(thread, { workerData: job, resourceLimits: SMALL });
  const send = (request: DigestRequest): void => worker.postMessage(request);
  const ended = new Promise<Digests>((resolve, reject) => {
    worker.on('message', ({ at, end }: DigestAnswer) => {
      onRead(at);
      if (end !== null) resolve(end);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The digest was ended before its time.')));
  });
  // Where it fails before anybody asks for it, it fails when it is asked for.
  ended.catch(() => {});
  return {
    advance: (to) => send({ to, isEnd: false }),
    finish: (size) => {
      send({ to: size, isEnd: true });
      return ended;
    },
    close: () => void worker.terminate(),
  };
}

/** Digests of a file as it is. */
export async function digestFile(
  job: DigestJob,
  size: number,
  signal: AbortSignal,
  onRead?: (at: number) => void,
): Promise<Digests> {
  const digest = openDigest(job, onRead);
  const stop = (): void => digest.close();
  signal.addEventListener('abort', stop);
  try {
    return await digest.finish(size);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    digest.close();
  }
}

/** The ETag of an object sent in parts with these MD5s. */
export function etagOfParts(sums: readonly string[]): string {
  const joined = createHash('md5')
    .update(Buffer.from(sums.join(''), 'hex'))
    .digest('hex');
  return `${joined}-${sums.length}`;
}
