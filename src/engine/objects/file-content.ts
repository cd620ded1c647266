import * as fs from 'node:fs/promises';
import { fileFailure } from '../file-failure.ts';
import type { Content } from './store.ts';

/** In bytes. On a slow network the time that one takes counts as the store's silence. */
const BLOCK = 256 * 1024;

/** The bytes of a file from `from` up to, not including, `to`; fewer where it ends before. */
export function fileContent(file: string, { from, to }: { from: number; to: number }): Content {
  return {
    length: to - from,
    async *blocks() {
      let handle: fs.FileHandle | undefined;
      try {
        handle = await fs.open(file);
        const block = Buffer.allocUnsafeSlow(Math.min(BLOCK, to - from));
        for (let at = from; at < to; ) {
          const wanted = Math.min(block.length, to - at);
          const { bytesRead } = await handle.read(block, 0, wanted, at);
          if (bytesRead === 0) return;
          at += bytesRead;
          yield block.subarray(0, bytesRead);
        }
      } catch (error) {
        // Said here, so that nobody takes it for a fault of the store.
        throw fileFailure(error, file, 'What was there before is unchanged.');
      } finally {
        await handle?.close();
      }
    },
  };
}
