import type Database from 'better-sqlite3';
import { z } from 'zod';
import { damaged, type Guard } from './failures.ts';

/** The operator's settings, as text under a key; what it means is the caller's business. */
export interface SettingsTable {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

const rowSchema = z.object({ value: z.string() });

export function settingsIn(db: Database.Database, guard: Guard): SettingsTable {
  const select = db.prepare('SELECT value FROM settings WHERE key = ?');
  const put = db.prepare(
    `INSERT INTO settings (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
  return {
    read: (key) =>
      guard(() => {
        const found = select.get(key);
        if (found === undefined) return null;
        const row = rowSchema.safeParse(found);
        if (!row.success) throw damaged(db.name, `the setting ${key}`, row.error.message);
        return row.data.value;
      }),
    write: (key, value) =>
      guard(() => {
        put.run(key, value);
      }),
  };
}
