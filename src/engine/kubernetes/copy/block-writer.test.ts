import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlockWriter } from './block-writer.ts';

let folder: string;
let path: string;
let file: FileHandle;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-blocks-'));
  path = join(folder, 'file');
  file = await open(path, 'a');
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a writer of blocks', () => {
  test('writes and digests pieces of any size in their order', async () => {
    const MB = 1024 * 1024;
    const size = fc.oneof(fc.nat(70_000), fc.constantFrom(0, MB - 1, MB, MB + 1, 3 * MB + 7));
    const written: Buffer[] = [];
    const whole = createHash('sha256');
    await fc.assert(
      fc.asyncProperty(fc.array(size, { maxLength: 12 }), fc.nat(255), async (sizes, first) => {
        const writer = new BlockWriter(file, whole);
        for (const [at, length] of sizes.entries()) {
          const piece = Buffer.alloc(length, (first + at) % 256);
          written.push(Buffer.from(piece));
          await writer.add(piece);
          // The piece is the network's memory, which is used again.
          piece.fill(0);
        }
        await writer.flush();
        expect(readFileSync(path).equals(Buffer.concat(written))).toBe(true);
      }),
      { numRuns: 20 },
    );
    const sum = createHash('sha256').update(Buffer.concat(written)).digest('hex');
    expect(whole.digest('hex')).toBe(sum);
  });

  test('brings what it was given to the disk as it goes, and tells of an error there', async () => {
    const calls: string[] = [];
    const failing = {
      appendFile: async () => void calls.push('write'),
      datasync: async () => {
        calls.push('sync');
        throw new Error('EIO');
      },
      sync: async () => void calls.push('end'),
    } as unknown as FileHandle;
    const writer = new BlockWriter(failing, createHash('sha256'));
    for (let at = 0; at < 40; at += 1) await writer.add(Buffer.alloc(1024 * 1024));
    expect(calls).toContain('sync');
    await expect(writer.flush()).rejects.toThrow('EIO');
    expect(calls).not.toContain('end');
  });

  test('tells of a full disk', async () => {
    const full = {
      appendFile: async () => {
        throw new Error('ENOSPC');
      },
    } as unknown as FileHandle;
    const writer = new BlockWriter(full, createHash('sha256'));
    await writer.add(Buffer.alloc(1024 * 1024));
    await expect(writer.add(Buffer.alloc(1024 * 1024))).rejects.toThrow('ENOSPC');
    await expect(writer.flush()).rejects.toThrow('ENOSPC');
  });
});
