import type Database from 'better-sqlite3';
import { z } from 'zod';
import { pack, unpack } from './compress.ts';
import { damaged, type Guard } from './failures.ts';

/** The exact texts of runbooks that were run, under their SHA-256. */
export interface Texts {
  /** Keeps a text once; the same hash again is no error. */
  keep(sha256: string, text: string): void;
  read(sha256: string): string | null;
}

const rowSchema = z.object({
  encoding: z.enum(['plain', 'deflate']),
  length: z.number().int().nonnegative(),
  data: z.instanceof(Uint8Array),
});

export function textsIn(db: Database.Database, guard: Guard): Texts {
  const insert = db.prepare(
    'INSERT INTO runbook_texts (sha256, encoding, length, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = db.prepare('SELECT encoding, length, data FROM runbook_texts WHERE sha256 = ?');
  return {
    keep: (sha256, text) =>
      guard(() => {
        const bytes = new TextEncoder().encode(text);
        const { encoding, data } = pack(bytes);
        insert.run(sha256, encoding, bytes.byteLength, data);
      }),
    read: (sha256) =>
      guard(() => {
        const found = select.get(sha256);
        if (found === undefined) return null;
        try {
          const row = rowSchema.parse(found);
          // ignoreBOM keeps a byte order mark that the text begins with.
          return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
            unpack(row.encoding, row.data, row.length),
          );
        } catch (thrown) {
          throw damaged(db.name, `the runbook text ${sha256}`, String(thrown));
        }
      }),
  };
}
