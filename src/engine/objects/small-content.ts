import { Readable } from 'node:stream';
import type { Content } from './store.ts';

/** A short text to be sent. */
export function bytesOf(text: string): Content {
  const bytes = Buffer.from(text, 'utf8');
  return { length: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
}
