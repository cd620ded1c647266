import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

const rowsSchema = z.array(z.object({ path: z.string(), addedAt: z.iso.datetime() }));
export type Folder = z.infer<typeof rowsSchema>[number];

/** The folders of runbooks that the operator added to the library. */
export interface Folders {
  /** In the order they were added. */
  list(): Folder[];
  /** A folder that is there already stays as it is. */
  add(path: string): void;
  remove(path: string): void;
}

export function foldersIn(db: Database.Database, guard: Guard): Folders {
  const all = db.prepare('SELECT path, added_at AS addedAt FROM folders ORDER BY added_at, rowid');
  const insert = db.prepare(
    'INSERT INTO folders (path, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM folders WHERE path = ?');
  return {
    list: () =>
      guard(() => {
        const rows = rowsSchema.safeParse(all.all());
        if (!rows.success) throw damaged(db.name, 'the library folders', rows.error.message);
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
