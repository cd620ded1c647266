import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { DigestAnswer, DigestJob, DigestRequest } from './digest-messages.ts';

/** Reads a file as far as it is told and computes its digests; `digest.ts` is the other end. */

const BLOCK = 1024 * 1024;
/** How often it says how far it is, in bytes. */
const SAY_EVERY = 32 * BLOCK;

const { file, sha256, md5PartSizes }: DigestJob = workerData;
const block = Buffer.alloc(BLOCK);
const whole = sha256 ? createHash('sha256') : null;
const parted = md5PartSizes.map((size) => ({
  size,
  sums: [] as string[],
  hash: createHash('md5'),
  left: size,
}));
const fd = openSync(file, 'r');
let at = 0;

parentPort?.on('message', ({ to, isEnd }: DigestRequest) => {
  let said = at;
  while (at < to) {
    const length = readSync(fd, block, 0, Math.min(BLOCK, to - at), at);
    if (length === 0) break;
    update(block.subarray(0, length));
    at += length;
    if (at - said >= SAY_EVERY) {
      said = at;
      say({ at, end: null });
    }
  }
  if (!isEnd) return;
  closeSync(fd);
  say({ at, end: { sha256: whole?.digest('hex') ?? null, md5s: parted.map(finished) } });
  parentPort?.close();
});

function update(bytes: Buffer): void {
  whole?.update(bytes);
  for (const part of parted) {
    for (let from = 0; from < bytes.length; ) {
      const length = Math.min(part.left, bytes.length - from);
      part.hash.update(bytes.subarray(from, from + length));
      from += length;
      part.left -= length;
      if (part.left === 0) next(part);
    }
  }
}

function next(part: (typeof parted)[number]): void {
  part.sums.push(part.hash.digest('hex'));
  part.hash = createHash('md5');
  part.left = part.size;
}

function finished(part: { size: number; sums: string[]; hash: Hash; left: number }) {
  const isOpen = part.left < part.size || part.sums.length === 0;
  return {
    partSize: part.size,
    sums: isOpen ? [...part.sums, part.hash.digest('hex')] : part.sums,
  };
}

function say(answer: DigestAnswer): void {
  parentPort?.postMessage(answer);
}
