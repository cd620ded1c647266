import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MusterError, type Problem } from '../../core/problem.ts';
import { DumpReader } from '../../core/sql/dump-reader.ts';
import { type ChildRequest, runChild } from './child.ts';

/** How a dump is stored, told by its first bytes, not by its name. */
export type DumpFormat = 'custom' | 'plain' | 'gzip';

export interface CheckedDump {
  format: DumpFormat;
  /** In bytes. */
  size: number;
  /** Of the whole file, in hex. */
  sha256: string;
  /** Entries of a custom dump's table of contents; null for plain SQL. */
  entries: number | null;
}

export interface CheckRequest {
  /** The pg_restore to read a custom dump with. */
  pgRestore: string;
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  /** Bytes of the file that were read so far. */
  progress: (done: number, total: number) => void;
}

/** The format of a dump. Throws MusterError where there is no file or it is none. */
export function dumpFormat(file: string): DumpFormat {
  const head = Buffer.alloc(5);
  let read = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      read = readSync(descriptor, head);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new MusterError({
      code: 'dump-unreadable',
      what: `The dump cannot be read: ${file}.`,
      safe: 'No database was touched.',
      next: 'Check the path, or fetch the dump first.',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
  if (read === 0) throw new MusterError(damaged(file, 'it is empty'));
  if (head.toString('latin1') === 'PGDMP') return 'custom';
  return head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : 'plain';
}

/**
 * Reads a dump from its first byte to its last and proves that it is whole: a custom dump by
 * decoding every entry, a plain one by its last line, and that nothing in it would make psql leave
 * the database or run a program. Rejects with MusterError, or with the signal's reason.
 */
export async function checkDump(file: string, request: CheckRequest): Promise<CheckedDump> {
  const format = dumpFormat(file);
  const { size } = statSync(file);
  const hash = createHash('sha256');
  if (format === 'custom') {
    await read(file, request, hash, size);
    const entries = await readArchive(file, request);
    return { format, size, sha256: hash.digest('hex'), entries };
  }
  const reader = new DumpReader();
  await read(file, request, hash, size, format === 'gzip', reader);
  if (reader.command !== null) {
    throw new MusterError({
      code: 'dump-not-plain',
      what: `The dump holds a command to psql that pg_dump does not write: ${reader.command.slice(0, 80)}`,
      safe: 'Nothing of it was run.',
      next: 'Find out who made the dump. Take one of a single database, made by pg_dump without --create.',
    });
  }
  if (!reader.isComplete()) {
    throw new MusterError(damaged(file, 'the line that pg_dump writes at the end is missing'));
  }
  return { format, size, sha256: hash.digest('hex'), entries: null };
}

async function read(
  file: string,
  { signal, progress }: CheckRequest,
  hash: Hash,
  size: number,
  unpacks = false,
  reader: DumpReader | null = null,
): Promise<void> {
  let done = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      done += chunk.length;
      progress(done, size);
      next(null, chunk);
    },
  });
  const sink = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) reader?.push(chunk.toString('latin1'));
  };
  const source = createReadStream(file, { highWaterMark: 1024 * 1024 });
  try {
    if (unpacks) await pipeline(source, tap, createGunzip(), sink, { signal });
    else await pipeline(source, tap, sink, { signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new MusterError(damaged(file, error instanceof Error ? error.message : String(error)));
  }
}

/** The number of entries, once all of them could be decoded. */
async function readArchive(file: string, request: CheckRequest): Promise<number> {
  const { pgRestore, cwd, env, signal } = request;
  const child: Omit<ChildRequest, 'args'> = { file: pgRestore, cwd, env, signal };
  const listed = await runChild({ ...child, args: ['--list', '--', file] });
  if (listed.exitCode !== 0) throw new MusterError(archiveFault(file, listed.lines));
  // The list stands at the front and is whole in a dump that was cut off; the data is not.
  const decoded = await runChild({ ...child, args: ['--file', devNull, '--', file] });
  if (decoded.exitCode !== 0) throw new MusterError(archiveFault(file, decoded.lines));
  return listed.output.split('\n').filter((line) => /^\d+; /.test(line)).length;
}

function archiveFault(file: string, lines: readonly string[]): Problem {
  const why = lines.find((line) => line.includes('error:'))?.replace(/^.*error: /, '');
  if (why?.includes('unsupported version') !== true) {
    return damaged(file, why ?? 'pg_restore cannot read it');
  }
  return {
    code: 'program-too-old',
    what: `The dump was made by a newer pg_dump than this pg_restore can read: ${why}.`,
    safe: 'No database was touched.',
    next: 'Install newer client programs of PostgreSQL, then retry.',
  };
}

function damaged(file: string, why: string): Problem {
  return {
    code: 'dump-damaged',
    what: `The dump ${file} is damaged or not whole: ${why}.`,
    safe: 'No database was touched.',
    next: 'Fetch it again, or take another backup.',
  };
}

/** A plain dump as SQL, unpacked where it is packed; `onBytes` counts bytes of the file. */
export function dumpStream(
  file: string,
  format: 'plain' | 'gzip',
  onBytes: (done: number) => void,
): Readable {
  let done = 0;
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  source.on('data', (chunk) => {
    done += chunk.length;
    onBytes(done);
  });
  if (format === 'plain') return source;
  const unpacked = createGunzip();
  source.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => source.destroy());
  return source.pipe(unpacked);
}
