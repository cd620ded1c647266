/** How a large object is cut for a transfer. S3 takes parts from 5 MiB, and 10,000 of them. */

const MIB = 1024 * 1024;
const USUAL_PART = 16 * MIB;
const MOST_PARTS = 10_000;

export interface Part {
  /** Counts from 1. */
  number: number;
  /** The first byte. */
  from: number;
  /** The byte behind the last one. */
  to: number;
}

/** In bytes: 16 MiB, or more where the object would have too many parts. */
export function partSizeFor(size: number): number {
  return Math.max(USUAL_PART, Math.ceil(size / MOST_PARTS / MIB) * MIB);
}

/** The parts of `size` bytes, in order; none for 0 bytes. */
export function cutIntoParts(size: number, partSize: number): Part[] {
  return Array.from({ length: Math.ceil(size / partSize) }, (_, index) => ({
    number: index + 1,
    from: index * partSize,
    to: Math.min(size, (index + 1) * partSize),
  }));
}

/** Part sizes of the usual clients, in MiB; those of ours come first. */
const KNOWN_PARTS = [16, 8, 5, 10, 15, 20, 25, 32, 50, 64, 100, 128, 256, 512, 1024];

/**
 * The part sizes in bytes with which an object of `size` bytes comes to so many parts. The number
 * after the dash of an ETag is that of the parts.
 */
export function likelyPartSizes(size: number, parts: number): number[] {
  const sizes = [...KNOWN_PARTS.map((mib) => mib * MIB), partSizeFor(size)];
  return [...new Set(sizes)].filter((part) => Math.ceil(size / part) === parts);
}
