import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { MusterError } from '../../../core/problem.ts';
import { type ArchiveKind, checkArchive, kindByName } from './check.ts';

const uri = 's3://b/a';

/** Checks bytes as they would come from a store: in pieces, each in the memory of the one before. */
function check(kind: ArchiveKind, bytes: Buffer, piece = 1000): Promise<string> {
  const whole = (async function* () {
    const memory = Buffer.alloc(piece);
    for (let at = 0; at < bytes.length; at += piece) {
      yield memory.subarray(0, bytes.copy(memory, 0, at, at + piece));
    }
  })();
  const read = async (from: number, to: number) => bytes.subarray(from, to);
  return checkArchive(kind, { uri, size: bytes.length, whole, read });
}

async function problemOf(work: Promise<string>): Promise<{ code: string; what: string }> {
  try {
    return { code: 'whole', what: await work };
  } catch (error) {
    if (error instanceof MusterError) return error.problem;
    throw error;
  }
}

async function tar(files: Record<string, Buffer>): Promise<Buffer> {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name }, content);
  packed.finalize();
  return buffer(packed);
}

/** A zip file of stored entries. */
function zip(files: Record<string, Buffer>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(zlib.crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), content]);
    local.push(entry);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]),
    );
    at += entry.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, listed, end]);
}

const files = {
  'a/one.sql': randomBytes(5000),
  'two.bin': Buffer.alloc(2048),
  empty: Buffer.alloc(0),
};
const archives: [ArchiveKind, () => Promise<Buffer>, string][] = [
  ['gzip', async () => zlib.gzipSync(randomBytes(20_000)), 'gzip, 20 kB unpacked'],
  ['zstd', async () => zlib.zstdCompressSync(randomBytes(20_000)), 'zstd, 20 kB unpacked'],
  ['tar', () => tar(files), 'tar, 3 entries'],
  ['tar.gz', async () => zlib.gzipSync(await tar(files)), 'tar.gz, 3 entries'],
  ['zip', async () => zip(files), 'zip, 3 entries by its directory'],
];

describe.each(archives)('%s', (kind, make, words) => {
  it('is read to its end, in pieces of any size', async () => {
    const bytes = await make();
    for (const piece of [1, 511, 512, 70_000]) expect(await check(kind, bytes, piece)).toBe(words);
  });

  it('is found out wherever it is cut off, with the byte', async () => {
    const bytes = await make();
    // Only the zero blocks of a tar may go without loss.
    const needed = kind === 'tar' ? bytes.length - 1024 : bytes.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 600, max: needed - 1 }), async (length) => {
        const { code, what } = await problemOf(check(kind, bytes.subarray(0, length)));
        expect(code).toBe('archive-truncated');
        if (kind !== 'tar.gz') expect(what).toContain(`ends at byte ${length}`);
      }),
      { numRuns: 60 },
    );
    const { code } = await problemOf(check(kind, bytes.subarray(0, 1)));
    expect(['archive-truncated', 'archive-of-another-kind']).toContain(code);
  });

  it('is not taken for one where it is something else', async () => {
    const { code } = await problemOf(check(kind, randomBytes(4000)));
    expect(['archive-truncated', 'archive-of-another-kind']).toContain(code);
  });
});

describe('other contents', () => {
  it('a damaged gzip file is told from one that is cut off', async () => {
    const bytes = zlib.gzipSync(randomBytes(20_000));
    bytes.writeUInt32LE(0, bytes.length - 8);
    expect(await problemOf(check('gzip', bytes))).toMatchObject({ code: 'archive-damaged' });
  });

  it('a dump as text must say that it is complete, packed or not', async () => {
    const line = '-- PostgreSQL database dump\n';
    const rows = 'INSERT INTO orders VALUES (1);\n'.repeat(1000);
    const end = '-- PostgreSQL database dump complete\n';
    expect(await check('none', Buffer.from(`--\n${line}${rows}${end}\n`))).toContain('complete');
    const whole = zlib.gzipSync(`--\n${line}${rows}${end}`);
    expect(await check('gzip', whole)).toContain('PostgreSQL database dump, complete');
    const broken = Buffer.from(`--\n${line}${rows}`);
    const found = await problemOf(check('gzip', zlib.gzipSync(broken)));
    expect(found.code).toBe('archive-truncated');
    expect(found.what).toContain(`its text ends at byte ${broken.length} without`);
    expect(await check('none', randomBytes(3000))).toBe('no archive');
  });

  it('a dump in the custom format is known by its header', async () => {
    const dump = Buffer.concat([Buffer.from('PGDMP\x01\x0e\x00\x04\x08\x01'), randomBytes(500)]);
    expect(await check('pg-dump', dump)).toContain('custom format 1.14.0');
    expect(kindByName('orders.backup', dump)).toBe('pg-dump');
    expect(await problemOf(check('pg-dump', randomBytes(500)))).toMatchObject({
      code: 'archive-of-another-kind',
    });
  });

  it('large sizes in extended headers are heeded', async () => {
    const packed = pack();
    packed.entry({ name: 'x', pax: { comment: 'y'.repeat(600) } }, 'content');
    packed.finalize();
    expect(await check('tar', await buffer(packed))).toBe('tar, 1 entries');
  });

  it.each([
    ['a.tar.gz', 'tar.gz'],
    ['a.TGZ', 'tar.gz'],
    ['a.sql.gz', 'gzip'],
    ['a.tar', 'tar'],
    ['a.zip', 'zip'],
    ['a.tar.zst', 'zstd'],
    ['a.dump', 'none'],
  ])('%s is named as %s', (key, kind) => expect(kindByName(key, Buffer.alloc(0))).toBe(kind));
});
