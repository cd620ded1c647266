import { dumpCutOff, notWhatItShouldBe } from './archive.ts';

/** Dumps as text say at their end that they are complete; one that does not was broken off. */
const TEXT_DUMPS = [
  { begins: '-- PostgreSQL database dump', ends: '-- PostgreSQL database dump complete' },
  {
    begins: '-- PostgreSQL database cluster dump',
    ends: '-- PostgreSQL database cluster dump complete',
  },
  { begins: '-- MySQL dump', ends: '-- Dump completed' },
  { begins: '-- MariaDB dump', ends: '-- Dump completed' },
] as const;

/** Both ends of a text are looked at as far as this, in bytes. */
const LOOK = 1024;

/** Reads a text to its end. Returns its length in bytes and which dump it is, if it is one. */
export async function readText(
  uri: string,
  source: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; dump: string | null }> {
  let bytes = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of source) {
    bytes += chunk.length;
    if (head.length < LOOK) head = Buffer.concat([head, chunk]).subarray(0, LOOK);
    tail = Buffer.concat(
      chunk.length >= LOOK ? [chunk.subarray(chunk.length - LOOK)] : [tail, chunk],
    );
    tail = tail.subarray(Math.max(0, tail.length - LOOK));
  }
  const beginning = head.toString('latin1');
  const kind = TEXT_DUMPS.find(({ begins }) => beginning.includes(begins));
  if (kind === undefined) return { bytes, dump: null };
  if (!tail.toString('latin1').includes(kind.ends)) throw dumpCutOff(uri, bytes, kind.ends);
  return { bytes, dump: kind.begins.slice(3) };
}

const CUSTOM = 1;

/**
 * Reads the header of a dump in PostgreSQL's custom format: `PGDMP`, the format's version, the
 * sizes of numbers, and the format. Returns the version. Only pg_restore can read the rest.
 */
export function readCustomDumpHeader(uri: string, head: Buffer): string {
  if (head.length < 11 || head.subarray(0, 5).toString('latin1') !== 'PGDMP') {
    throw notWhatItShouldBe(uri, 'dump in the custom format', 'It does not begin with PGDMP.');
  }
  if (head[10] !== CUSTOM) {
    throw notWhatItShouldBe(uri, 'dump in the custom format', `Its format is ${head[10]}.`);
  }
  return `${head[5]}.${head[6]}.${head[7]}`;
}
