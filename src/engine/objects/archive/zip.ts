import { cutOff, damaged } from './archive.ts';

/** Reads some bytes of the object; short where it ends before. */
export type ReadRange = (from: number, to: number) => Promise<Buffer>;

const END = 0x06054b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
/** The end record with the longest comment, and the locator before it, in bytes. */
const TAIL = 22 + 0xffff + 20;
/** The directory is read in blocks of this size, in bytes. */
const BLOCK = 1024 * 1024;

/**
 * Reads the directory at the end of a zip file and returns the number of its entries. What is
 * packed is not read: each entry has a checksum of its own for whoever unpacks it.
 */
export async function readZipDirectory(
  uri: string,
  size: number,
  read: ReadRange,
): Promise<number> {
  const from = Math.max(0, size - TAIL);
  const tail = await read(from, size);
  const end = lastEnd(tail);
  if (end === -1) throw cutOff(uri, size, 'before the directory that a zip file ends with');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let start = tail.readUInt32LE(end + 16);
  let behind = from + end;
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    // The locator stands right before the end record and says where the larger one is.
    if (end < 20) throw damaged(uri, behind, 'The record of a large zip file is missing.');
    const place = Number(tail.readBigUInt64LE(end - 12));
    const large = await read(place, Math.min(size, place + 56));
    if (large.length < 56 || large.readUInt32LE(0) !== END_64) {
      throw damaged(uri, place, 'The record of a large zip file is missing.');
    }
    count = Number(large.readBigUInt64LE(32));
    length = Number(large.readBigUInt64LE(40));
    start = Number(large.readBigUInt64LE(48));
    behind = place;
  }
  if (start + length > behind) {
    throw damaged(
      uri,
      behind,
      'The directory would begin before the file does: bytes are missing.',
    );
  }
  const found = await countEntries(uri, start, start + length, read);
  if (found !== count) {
    throw damaged(uri, start, `The directory has ${found} of ${count} entries.`);
  }
  return count;
}

function lastEnd(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    const isEnd = tail.readUInt32LE(at) === END;
    if (isEnd && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}

async function countEntries(
  uri: string,
  from: number,
  to: number,
  read: ReadRange,
): Promise<number> {
  let count = 0;
  let at = from;
  while (at < to) {
    const block = await read(at, Math.min(to, at + BLOCK));
    let used = 0;
    while (used + 46 <= block.length) {
      if (block.readUInt32LE(used) !== ENTRY) {
        throw damaged(uri, at + used, 'An entry of the directory is none.');
      }
      const length =
        46 +
        block.readUInt16LE(used + 28) +
        block.readUInt16LE(used + 30) +
        block.readUInt16LE(used + 32);
      if (used + length > block.length) break;
      used += length;
      count += 1;
    }
    if (used === 0) throw damaged(uri, at, 'An entry of the directory is cut off.');
    at += used;
  }
  return count;
}
