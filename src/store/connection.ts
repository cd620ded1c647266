import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeFolder } from './make-folder.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';

/** How long SQLite waits for another process's lock, in ms. */
const BUSY_TIMEOUT_MS = 5_000;

export interface OpenOptions {
  /** Path of the compiled SQLite module, where the one in the package cannot run. */
  nativeBinding?: string;
  /** How long to wait for another process's lock, in ms. */
  busyTimeoutMs?: number;
}

/** Path of the database in a home folder. */
export function databaseFile(home: string): string {
  return join(home, 'muster.db');
}

/** Opens the database in `home`, makes it where there is none, and brings it to this version. */
export function connect(home: string, options: OpenOptions): Database.Database {
  const file = databaseFile(home);
  makeFolder(home);
  createPrivately(file);
  // SQLite opens a read-only file without a word and fails at the first write; better now.
  accessSync(home, constants.W_OK);
  accessSync(file, constants.W_OK);
  const db = new Database(file, {
    timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    ...(options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }),
  });
  try {
    db.pragma('trusted_schema = OFF');
    // Otherwise INSERT OR REPLACE would go past the triggers that keep the ledger append-only.
    db.pragma('recursive_triggers = ON');
    db.pragma('synchronous = FULL');
    migrate(db, { file, migrations, backups: join(home, 'backups') });
    db.pragma('foreign_keys = ON');
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * SQLite gives its journal files the mode of the database file. An existing file is never opened
 * here: closing it again would drop the locks that this process holds on it through SQLite.
 */
export function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return;
    throw thrown;
  }
}
