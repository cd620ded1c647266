import { readFileSync } from 'node:fs';

/** The checksum and size that POSIX `cksum` prints: CRC-32, most significant bit first, then the length. */
export function cksum(bytes: Uint8Array): { checksum: number; bytes: number } {
  let crc = 0;
  for (const byte of bytes) crc = step(crc, byte);
  for (let length = bytes.byteLength; length > 0; length = Math.floor(length / 256)) {
    crc = step(crc, length & 0xff);
  }
  return { checksum: ~crc >>> 0, bytes: bytes.byteLength };
}

export function cksumFile(file: string): { checksum: number; bytes: number } {
  return cksum(readFileSync(file));
}

const POLYNOMIAL = 0x04c11db7;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value;
});

function step(crc: number, byte: number): number {
  return (crc << 8) ^ (table[((crc >>> 24) ^ byte) & 0xff] ?? 0);
}
