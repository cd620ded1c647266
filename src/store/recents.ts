import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const rowsSchema = z.array(
  z.object({ path: z.string(), title: z.string(), openedAt: z.iso.datetime() }),
);
export type Recent = z.infer<typeof rowsSchema>[number];

/** Runbooks opened lately, wherever they are. */
export interface Recents {
  /** Last opened first. */
  list(limit: number): Recent[];
  touch(path: string, title: string): void;
}

/** Older ones are forgotten. */
const KEPT = 200;

export function recentsIn(db: Database.Database, guard: Guard): Recents {
  const order = 'ORDER BY opened_at DESC, rowid DESC';
  const newest = db.prepare(
    `SELECT path, title, opened_at AS openedAt FROM recents ${order} LIMIT ?`,
  );
  // Replaced rather than updated: the new rowid keeps the order within one millisecond.
  const put = db.prepare(
    'INSERT OR REPLACE INTO recents (path, title, opened_at) VALUES (?, ?, ?)',
  );
  const trim = db.prepare(
    `DELETE FROM recents WHERE rowid IN (SELECT rowid FROM recents ${order} LIMIT -1 OFFSET ${KEPT})`,
  );
  return {
    list: (limit) =>
      guard(() => {
        const rows = rowsSchema.safeParse(newest.all(limit));
        if (!rows.success) throw damaged(db.name, 'the recent runbooks', rows.error.message);
        return rows.data;
      }),
    touch: (path, title) =>
      guard(() => {
        put.run(path, title, new Date().toISOString());
        trim.run();
      }),
  };
}
