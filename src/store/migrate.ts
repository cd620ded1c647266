import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MusterError } from '../core/problem.ts';
import type { Migration } from './migrations.ts';

interface MigrationPlan {
  /** The database file, for messages. */
  file: string;
  migrations: readonly Migration[];
  /** Folder for the copies made before a change of an existing database. */
  backups: string;
}

/**
 * Brings a database to the newest version: WAL, then each missing migration in a transaction of
 * its own. Safe when several processes open the same file at once. A file from a newer Muster is
 * refused before anything in it is touched.
 */
export function migrate(db: Database.Database, plan: MigrationPlan): void {
  const newest = plan.migrations.at(-1)?.version ?? 0;
  const found = version(db);
  if (found > newest) throw fromNewerMuster(plan.file, found, newest);
  switchToWal(db);
  if (found === newest) return;
  if (found > 0) backUp(db, plan.backups, found);
  // Rebuilding a table must not cascade; the check below says whether references still hold.
  db.pragma('foreign_keys = OFF');
  for (const migration of plan.migrations) apply(db, migration);
}

function version(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function apply(db: Database.Database, migration: Migration): void {
  db.transaction(() => {
    // Read again under the write lock: another process may have come first.
    if (version(db) >= migration.version) return;
    db.exec(migration.sql);
    const broken = db.pragma('foreign_key_check');
    if (Array.isArray(broken) && broken.length > 0) {
      throw new Error(`migration ${migration.version} breaks references`);
    }
    db.pragma(`user_version = ${migration.version}`);
  }).immediate();
}

/**
 * The change to WAL needs the file for itself, and SQLite does not wait for that by itself when
 * two processes meet a new file at the same moment.
 */
function switchToWal(db: Database.Database): void {
  const deadline = Date.now() + WAL_PATIENCE_MS;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (thrown) {
      const busy = thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadline) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

const WAL_PATIENCE_MS = 2_000;

function backUp(db: Database.Database, folder: string, found: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replace(/[:.]/g, '');
  const copy = join(folder, `muster-v${found}-${stamp}-${process.pid}.db`);
  db.prepare('VACUUM INTO ?').run(copy);
  chmodSync(copy, 0o600);
}

function fromNewerMuster(file: string, found: number, newest: number): MusterError {
  return new MusterError({
    code: 'store-newer',
    what: `The database ${file} was written by a newer Muster (version ${found}; this one knows ${newest}).`,
    safe: 'The file was not touched.',
    next: 'Update Muster, or set MUSTER_HOME to another folder.',
    place: { file },
  });
}
