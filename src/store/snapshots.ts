import type Database from 'better-sqlite3';
import type { Guard } from './failures.ts';

/** A snapshot as it is stored; nothing of it is checked here. */
export interface SnapshotRow {
  seq: number;
  hash: string;
  form: number;
  glance: Uint8Array;
  attempts: Uint8Array;
  signature: string;
}

/** The newest snapshot of each long run. */
export interface Snapshots {
  /** In the place of an earlier one. */
  keep(run: string, row: SnapshotRow): void;
  of(run: string): SnapshotRow | null;
  /** The event up to which there is one; 0 where there is none. */
  upTo(run: string): number;
}

export function snapshotsIn(db: Database.Database, guard: Guard): Snapshots {
  const insert = db.prepare(
    `INSERT OR REPLACE INTO snapshots (run, seq, hash, form, glance, attempts, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  // The table is strict, so the columns have these types.
  const row = db.prepare<[string], SnapshotRow>(
    'SELECT seq, hash, form, glance, attempts, signature FROM snapshots WHERE run = ?',
  );
  const last = db.prepare<[string], number>('SELECT seq FROM snapshots WHERE run = ?').pluck();
  return {
    keep: (run, { seq, hash, form, glance, attempts, signature }) =>
      guard(() => {
        insert.run(run, seq, hash, form, glance, attempts, signature);
      }),
    of: (run) => guard(() => row.get(run) ?? null),
    upTo: (run) => guard(() => last.get(run) ?? 0),
  };
}
