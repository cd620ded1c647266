import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const rowsSchema = z.array(z.string());

/** Runbooks that the operator keeps at the top of the library. */
export interface Pins {
  /** Paths, in the order they were pinned. */
  list(): string[];
  /** A runbook that is pinned already keeps its place. */
  add(path: string): void;
  remove(path: string): void;
}

export function pinsIn(db: Database.Database, guard: Guard): Pins {
  const all = db.prepare('SELECT path FROM pins ORDER BY pinned_at, rowid').pluck();
  const insert = db.prepare(
    'INSERT INTO pins (path, pinned_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM pins WHERE path = ?');
  return {
    list: () =>
      guard(() => {
        const rows = rowsSchema.safeParse(all.all());
        if (!rows.success) throw damaged(db.name, 'the pinned runbooks', rows.error.message);
        return rows.data;
      }),
    add: (path) =>
      guard(() => {
        insert.run(path, new Date().toISOString());
      }),
    remove: (path) =>
      guard(() => {
        remove.run(path);
      }),
  };
}
