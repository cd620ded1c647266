import type { FileHandle } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { openSettling } from './settling.ts';

const MB = 1024 * 1024;

/** As much of an open file as is used. */
function file(datasync: () => Promise<void>) {
  const handle = { datasync: vi.fn(datasync), sync: vi.fn(async () => undefined) };
  return { handle, settling: openSettling(handle as unknown as FileHandle) };
}

describe('a file that settles while it is written', () => {
  it('goes to the disk in large pieces, one at a time, and as a whole at the end', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { handle, settling } = file(() => promise);
    for (let written = 0; written < 63; written += 1) settling.add(MB);
    expect(handle.datasync).not.toHaveBeenCalled();
    for (let written = 0; written < 200; written += 1) settling.add(MB);
    expect(handle.datasync).toHaveBeenCalledOnce();
    const finished = settling.finish();
    expect(handle.sync).not.toHaveBeenCalled();
    resolve();
    await finished;
    expect(handle.sync).toHaveBeenCalledOnce();
  });

  it('fails at its end when the disk failed in between, though a later sync is well', async () => {
    const full = new Error('ENOSPC');
    const { settling } = file(async () => {
      throw full;
    });
    settling.add(64 * MB);
    await new Promise((resolve) => setTimeout(resolve, 0));
    await expect(settling.finish()).rejects.toBe(full);
  });
});
