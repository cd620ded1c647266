import type Database from 'better-sqlite3';
import { z } from 'zod';
import { MusterError } from '../core/problem.ts';
import { pack, unpack } from './compress.ts';
import { damaged, drivenElsewhere, type Guard, isConflict } from './failures.ts';

export const streamSchema = z.enum(['out', 'err', 'terminal', 'evidence']);
export type Stream = z.infer<typeof streamSchema>;

export interface OutputRow {
  run: string;
  step: string;
  attempt: number;
  stream: Stream;
  /** Offset of the first byte in the kept output of the attempt, all streams together. */
  at: number;
  /** After redaction; may be empty when all that was read was held back. */
  bytes: Uint8Array;
  /** Bytes of the stream's spool file that this chunk used up, before redaction. */
  source: number;
}

export interface KeptOutput {
  stream: Stream;
  at: number;
  bytes: Uint8Array;
}

/** What of an attempt's output was counted and not kept. */
export interface OutputGap {
  /** Offset in the kept output at which it was left out. */
  at: number;
  bytes: number;
  lines: number;
}

/** What steps printed, after redaction. */
export interface Outputs {
  /** Throws `output-gap` unless `at` is exactly where the kept output ends. */
  append(chunk: OutputRow): void;
  /**
   * The output from byte `from` on, in order: whole chunks up to `limitBytes` together. A chunk
   * is cut only at `from`, or at the limit when it alone is larger. Empty at the end.
   */
  read(run: string, step: string, attempt: number, from: number, limitBytes: number): KeptOutput[];
  /** The attempts of which something is kept, or recorded as left out, in order. */
  attempts(run: string): { step: string; attempt: number }[];
  /** Bytes kept, and for each stream the bytes of its spool file that are used up. */
  size(
    run: string,
    step: string,
    attempt: number,
  ): { kept: number; source: Record<Stream, number> };
  /** Records, once for an attempt, what is missing in its kept output. */
  leaveOut(run: string, step: string, attempt: number, gap: OutputGap): void;
  /** Null when all of it is kept. */
  leftOut(run: string, step: string, attempt: number): OutputGap | null;
}

const rowSchema = z.object({
  stream: streamSchema,
  at: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  encoding: z.enum(['plain', 'deflate']),
  data: z.instanceof(Uint8Array),
});

/** Names an attempt within a run. */
export function attemptKey(step: string, attempt: number): string {
  return `${attempt} ${step}`;
}

const gapSchema = z.object({
  at: z.number().int().nonnegative(),
  bytes: z.number().int().positive(),
  lines: z.number().int().nonnegative(),
});

type Key = [run: string, step: string, attempt: number];

export function outputsIn(db: Database.Database, guard: Guard): Outputs {
  const ofAttempt = 'run = ? AND step = ? AND attempt = ?';
  const insert = db.prepare(
    `INSERT INTO outputs (run, step, attempt, at, number, stream, length, source, encoding, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const last = db.prepare<Key, { at: number; number: number; length: number }>(
    `SELECT at, number, length FROM outputs WHERE ${ofAttempt}
     ORDER BY at DESC, number DESC LIMIT 1`,
  );
  // The chunk that holds byte `from` begins at or before it, and is the last one that does.
  const chunks = db.prepare(
    `SELECT stream, at, length, encoding, data FROM outputs WHERE ${ofAttempt} AND at >=
       coalesce((SELECT max(at) FROM outputs WHERE ${ofAttempt} AND at <= ?), 0)
     ORDER BY at, number`,
  );
  const sources = db.prepare<Key, { stream: string; source: number }>(
    `SELECT stream, sum(source) AS source FROM outputs WHERE ${ofAttempt} GROUP BY stream`,
  );

  const insertGap = db.prepare(
    'INSERT INTO output_gaps (run, step, attempt, at, bytes, lines) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const gapOf = db.prepare<Key>(`SELECT at, bytes, lines FROM output_gaps WHERE ${ofAttempt}`);

  const attempts = db.prepare<[string, string], { step: string; attempt: number }>(
    `SELECT step, attempt FROM outputs WHERE run = ?
     UNION SELECT step, attempt FROM output_gaps WHERE run = ? ORDER BY step, attempt`,
  );

  const add = (chunk: OutputRow) => {
    const { run, step, attempt, stream, at, source } = chunk;
    const end = last.get(run, step, attempt);
    const kept = end ? end.at + end.length : 0;
    if (at !== kept) throw gap(chunk, kept);
    const number = end && end.at === at ? end.number + 1 : 0;
    const { encoding, data } = pack(chunk.bytes);
    const length = chunk.bytes.byteLength;
    insert.run(run, step, attempt, at, number, stream, length, source, encoding, data);
  };

  return {
    append: (chunk) =>
      guard(() => {
        try {
          add(chunk);
        } catch (thrown) {
          if (isConflict(thrown)) throw drivenElsewhere(chunk.run);
          throw thrown;
        }
      }),
    read: (run, step, attempt, from, limitBytes) =>
      guard(() => {
        const found: KeptOutput[] = [];
        let room = limitBytes;
        for (const raw of chunks.iterate(run, step, attempt, run, step, attempt, from)) {
          const row = rowSchema.safeParse(raw);
          if (!row.success) throw damagedOutput(db.name, run, step, row.error.message);
          const { stream, at, length } = row.data;
          const skip = Math.max(0, from - at);
          if (skip >= length) continue;
          if (length - skip > room && found.length > 0) break;
          const bytes = opened(db.name, run, step, row.data).subarray(skip, skip + room);
          found.push({ stream, at: at + skip, bytes });
          room -= bytes.byteLength;
          if (room <= 0) break;
        }
        return found;
      }),
    attempts: (run) => guard(() => attempts.all(run, run)),
    size: (run, step, attempt) =>
      guard(() => {
        const end = last.get(run, step, attempt);
        const source: Record<Stream, number> = { out: 0, err: 0, terminal: 0, evidence: 0 };
        for (const row of sources.all(run, step, attempt)) {
          source[streamSchema.parse(row.stream)] = row.source;
        }
        return { kept: end ? end.at + end.length : 0, source };
      }),
    leaveOut: (run, step, attempt, { at, bytes, lines }) =>
      guard(() => {
        insertGap.run(run, step, attempt, at, bytes, lines);
      }),
    leftOut: (run, step, attempt) =>
      guard(() => {
        const found = gapOf.get(run, step, attempt);
        if (found === undefined) return null;
        const gap = gapSchema.safeParse(found);
        if (!gap.success) throw damagedOutput(db.name, run, step, gap.error.message);
        return gap.data;
      }),
  };
}

function opened(
  file: string,
  run: string,
  step: string,
  row: z.infer<typeof rowSchema>,
): Uint8Array {
  try {
    return unpack(row.encoding, row.data, row.length);
  } catch (thrown) {
    throw damagedOutput(file, run, step, String(thrown));
  }
}

function damagedOutput(file: string, run: string, step: string, detail: string): MusterError {
  return damaged(file, `run ${run}, output of step ${step}`, detail);
}

function gap(chunk: OutputRow, kept: number): MusterError {
  return new MusterError({
    code: 'output-gap',
    what: `Output of step ${chunk.step} was to be kept at byte ${chunk.at}, but it ends at byte ${kept}.`,
    safe: 'It was not kept; the output before it is whole.',
    next: 'Resume the run, which reads the output again from where it ends.',
  });
}
