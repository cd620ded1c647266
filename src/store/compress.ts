import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** How bytes lie in a row: as they are, or deflated where that saves something worth the time. */
export type Encoding = 'plain' | 'deflate';

/** Below this many bytes a row costs the disk the same either way. */
const WORTH_TRYING_BYTES = 512;

export function pack(bytes: Uint8Array): { encoding: Encoding; data: Uint8Array } {
  if (bytes.byteLength < WORTH_TRYING_BYTES) return { encoding: 'plain', data: bytes };
  const deflated = deflateRawSync(bytes, { level: 1 });
  return deflated.byteLength < bytes.byteLength * 0.9
    ? { encoding: 'deflate', data: deflated }
    : { encoding: 'plain', data: bytes };
}

/** The bytes again; throws when they do not come out at exactly `length` bytes. */
export function unpack(encoding: Encoding, data: Uint8Array, length: number): Uint8Array {
  // A damaged row must not be able to fill the memory.
  const bytes =
    encoding === 'plain' ? data : inflateRawSync(data, { maxOutputLength: Math.max(length, 1) });
  if (bytes.byteLength !== length) {
    throw new Error(`expected ${length} bytes, found ${bytes.byteLength}`);
  }
  return bytes;
}
