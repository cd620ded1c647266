import type { Content } from './store.ts';

/** Something short to be sent. */
export function bytesOf(content: string | Buffer): Content {
  const bytes = Buffer.from(content);
  return {
    length: bytes.length,
    async *blocks() {
      yield bytes;
    },
  };
}
