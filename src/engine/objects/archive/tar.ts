import { cutOff, damaged, notWhatItShouldBe } from './archive.ts';

const BLOCK = 512;
/** Extended headers are read up to this size, in bytes. */
const MOST_EXTENDED = 1024 * 1024;

/**
 * Walks a tar archive to the zero blocks that end it, and returns the number of its entries. Own code, because what is asked is
 * where an archive ends early, to the byte, and whether its end mark is there.
 */
export async function walkTar(uri: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  let entries = 0;
  let at = 0;
  let header: Buffer = Buffer.alloc(0);
  /** `left`: content and padding that are still to come. */
  const entry: { name: string; left: number; extended: Buffer[] | null } = {
    name: '',
    left: 0,
    extended: null,
  };
  let sizeFromExtended: number | null = null;
  let zeros = 0;

  const begin = (block: Buffer): void => {
    if (block.every((byte) => byte === 0)) {
      zeros += 1;
      return;
    }
    if (zeros > 0) throw damaged(uri, at - BLOCK, 'There is an entry behind the end mark.');
    if (!checksumFits(block)) {
      if (entries === 0) throw notWhatItShouldBe(uri, 'tar archive', 'Its first header is none.');
      throw damaged(uri, at - BLOCK, 'The checksum of a header is wrong.');
    }
    const type = String.fromCharCode(block[156] ?? 0);
    const isExtended = type === 'x' || type === 'g' || type === 'L' || type === 'K';
    const size = (isExtended ? null : sizeFromExtended) ?? numberIn(block.subarray(124, 136));
    entry.left = Math.ceil(size / BLOCK) * BLOCK;
    entry.name = textIn(block.subarray(0, 100));
    entry.extended = type === 'x' && size <= MOST_EXTENDED ? [] : null;
    if (isExtended) return;
    sizeFromExtended = null;
    entries += 1;
  };

  for await (const chunk of source) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (bytes.length > 0 && zeros < 2) {
      if (entry.left > 0) {
        const taken = bytes.subarray(0, entry.left);
        entry.extended?.push(Buffer.from(taken));
        entry.left -= taken.length;
        at += taken.length;
        bytes = bytes.subarray(taken.length);
        if (entry.left === 0 && entry.extended !== null) {
          sizeFromExtended = paxSize(Buffer.concat(entry.extended).toString('utf8'));
          entry.extended = null;
        }
        continue;
      }
      const taken = bytes.subarray(0, BLOCK - header.length);
      header = Buffer.concat([header, taken]);
      at += taken.length;
      bytes = bytes.subarray(taken.length);
      if (header.length < BLOCK) continue;
      const block = header;
      header = Buffer.alloc(0);
      begin(block);
    }
  }
  if (entry.left > 0) throw cutOff(uri, at, `${entry.left} bytes before the end of ${entry.name}`);
  if (zeros === 0 && entries > 0) {
    throw cutOff(uri, at, `behind ${entry.name}, without the mark of its end`);
  }
  if (zeros === 0) throw notWhatItShouldBe(uri, 'tar archive', 'It has no header.');
  return entries;
}

/** A header's own sum, in which the field of the sum counts as spaces. */
function checksumFits(block: Buffer): boolean {
  let sum = 0;
  for (let index = 0; index < BLOCK; index += 1) {
    sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  }
  return sum === numberIn(block.subarray(148, 156));
}

/** Octal digits, or a binary number where the first bit says so. */
function numberIn(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(field.length - 8));
  const digits = /^[\s\0]*([0-7]*)/.exec(field.toString('latin1'))?.[1] ?? '';
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function textIn(field: Buffer): string {
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? field.length : end).toString('utf8');
}

function paxSize(records: string): number | null {
  const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(records)?.[1];
  return size === undefined ? null : Number(size);
}
