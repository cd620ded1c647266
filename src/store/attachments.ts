import type Database from 'better-sqlite3';
import { z } from 'zod';
import { pack, unpack } from './compress.ts';
import { damaged, type Guard } from './failures.ts';

/** The content of attached files, under its SHA-256. */
export interface Attachments {
  /** Keeps a content once, from pieces of any size; the same hash again is no error. */
  keep(sha256: string, pieces: Iterable<Uint8Array>): void;
  /** The content in pieces of at most `PIECE_BYTES`; nothing at all when it is not kept here. */
  read(sha256: string): Iterable<Uint8Array>;
  has(sha256: string): boolean;
}

/** The largest piece in a row, in bytes. */
const PIECE_BYTES = 256 * 1024;

const rowSchema = z.object({
  number: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
  encoding: z.enum(['plain', 'deflate']),
  data: z.instanceof(Uint8Array),
});

export function attachmentsIn(db: Database.Database, guard: Guard): Attachments {
  const insert = db.prepare(
    'INSERT INTO attachments (sha256, number, length, encoding, data) VALUES (?, ?, ?, ?, ?)',
  );
  const piece = db.prepare(
    'SELECT number, length, encoding, data FROM attachments WHERE sha256 = ? AND number = ?',
  );
  const first = db.prepare('SELECT 1 FROM attachments WHERE sha256 = ? LIMIT 1');
  const has = (sha256: string): boolean => first.get(sha256) !== undefined;

  const keep = db.transaction((sha256: string, pieces: Iterable<Uint8Array>) => {
    if (has(sha256)) return;
    let number = 0;
    for (const bytes of rows(pieces)) {
      const { encoding, data } = pack(bytes);
      insert.run(sha256, number, bytes.byteLength, encoding, data);
      number += 1;
    }
  });

  function* read(sha256: string): Generator<Uint8Array> {
    for (let number = 0; ; number++) {
      const found = guard(() => piece.get(sha256, number));
      if (found === undefined) return;
      let bytes: Uint8Array;
      try {
        const row = rowSchema.parse(found);
        bytes = unpack(row.encoding, row.data, row.length);
      } catch (thrown) {
        throw damaged(db.name, `the attachment ${sha256}`, String(thrown));
      }
      yield bytes;
    }
  }

  return {
    keep: (sha256, pieces) => guard(() => keep.immediate(sha256, pieces)),
    read,
    has: (sha256) => guard(() => has(sha256)),
  };
}

/** The pieces cut to the size of a row; one empty row for an empty content. */
function* rows(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let isEmpty = true;
  for (const bytes of pieces) {
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      isEmpty = false;
      yield bytes.subarray(at, at + PIECE_BYTES);
    }
  }
  if (isEmpty) yield new Uint8Array();
}
