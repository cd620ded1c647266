import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { type LibraryEntry, libraryEntrySchema } from '../core/library/entry.ts';
import { stateOf } from '../core/library/filters.ts';
import type { Passage } from '../core/library/passages.ts';
import { createPrivately } from './connection.ts';
import schema from './library-index.sql?raw';
import { type Search, searchIn } from './library-search.ts';
import { type NoteIndex, notesIndexIn } from './note-index.ts';

/** The form of the index; one of another form is made again. */
const FORM = 2;

/** Those that refer to others first. */
const TABLES = [
  'words',
  'passages',
  'files',
  'note_words',
  'run_notes',
  'note_place',
  'made_by',
] as const;

/** How long another process's write is waited for, in ms: the index is not worth a standstill. */
const BUSY_TIMEOUT_MS = 500;

/** A file as the index knows it. */
export interface IndexedFile {
  entry: LibraryEntry;
  modifiedMs: number;
  bytes: number;
  sha256: string | null;
}

export interface LibraryIndex {
  /** All that it knows; nothing of a file whose row makes no sense. */
  all(): IndexedFile[];
  /** In one transaction. Null passages: the text is the one that is there already. */
  put(files: readonly (IndexedFile & { passages: readonly Passage[] | null })[]): void;
  forget(paths: readonly string[]): void;
  /** Best first. `more`: there are others than these. */
  search: Search;
  readonly notes: NoteIndex;
  close(): void;
  /** Closes it and throws it away, so that the next start makes it again. */
  discard(): void;
}

/**
 * Opens `library.db` in `home`, and begins anew where it is of another form or version or damaged.
 * Where it cannot be kept on disk it is kept in memory. Throws only when SQLite itself cannot run.
 */
export function openLibraryIndex(
  home: string,
  version: string,
  nativeBinding?: string,
): LibraryIndex {
  const file = join(home, 'library.db');
  const options = { timeout: BUSY_TIMEOUT_MS, ...(nativeBinding ? { nativeBinding } : {}) };
  const open = (path: string): LibraryIndex =>
    indexIn(prepared(new Database(path, options), version));
  const openFile = (): LibraryIndex => {
    createPrivately(file);
    return open(file);
  };
  try {
    return openFile();
  } catch (thrown) {
    if (isDamage(thrown)) {
      try {
        remove(file);
        return openFile();
      } catch {
        // As for a folder that cannot be written.
      }
    }
    return open(':memory:');
  }
}

function remove(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
}

/** Whether SQLite says that the file is not what it should be. */
function isDamage(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && /_(CORRUPT|NOTADB)/.test(thrown.code);
}

function prepared(db: Database.Database, version: string): Database.Database {
  try {
    db.pragma('journal_mode = WAL');
    // A write that a power cut undoes is made again from the files.
    db.pragma('synchronous = NORMAL');
    db.pragma('trusted_schema = OFF');
    db.pragma('foreign_keys = ON');
    if (!isCurrent(db, version)) beginAnew(db, version);
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function isCurrent(db: Database.Database, version: string): boolean {
  if (db.pragma('user_version', { simple: true }) !== FORM) return false;
  return db.prepare('SELECT version FROM made_by').pluck().get() === version;
}

function beginAnew(db: Database.Database, version: string): void {
  db.transaction(() => {
    for (const table of TABLES) db.exec(`DROP TABLE IF EXISTS ${table}`);
    db.exec(schema);
    db.prepare('INSERT INTO made_by (version) VALUES (?)').run(version);
    db.pragma(`user_version = ${FORM}`);
  }).immediate();
}

const rowSchema = z.object({
  modifiedMs: z.number(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  entry: z.string(),
});

function indexIn(db: Database.Database): LibraryIndex {
  const all = db.prepare('SELECT modified_ms AS modifiedMs, bytes, sha256, entry FROM files');
  const write = writerIn(db);
  const search = searchIn(db);
  return {
    all: () =>
      all.all().flatMap((found) => {
        const row = rowSchema.safeParse(found);
        const entry = row.success ? entryIn(row.data.entry) : null;
        return row.success && entry !== null ? [{ ...row.data, entry }] : [];
      }),
    put: (files) => db.transaction(() => files.forEach(write.put)).immediate(),
    forget: (paths) => db.transaction(() => paths.forEach(write.forget)).immediate(),
    search,
    notes: notesIndexIn(db),
    close: () => db.close(),
    discard: () => {
      db.close();
      if (!db.memory) remove(db.name);
    },
  };
}

function entryIn(json: string): LibraryEntry | null {
  try {
    return libraryEntrySchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function writerIn(db: Database.Database) {
  const idOf = db.prepare<[string], number>('SELECT id FROM files WHERE path = ?').pluck();
  const putFile = db
    .prepare(
      `INSERT INTO files (path, modified_ms, bytes, sha256, entry, kind, system, owner, risk, format, state, tools)
       VALUES (@path, @modifiedMs, @bytes, @sha256, @json, @kind, @system, @owner, @risk, @format, @state, @tools)
       ON CONFLICT (path) DO UPDATE SET modified_ms = excluded.modified_ms, bytes = excluded.bytes,
         sha256 = excluded.sha256, entry = excluded.entry, kind = excluded.kind,
         system = excluded.system, owner = excluded.owner, risk = excluded.risk,
         format = excluded.format, state = excluded.state, tools = excluded.tools
       RETURNING id`,
    )
    .pluck();
  const putBody = db.prepare('INSERT OR REPLACE INTO passages (file, body) VALUES (?, ?)');
  const dropFile = db.prepare('DELETE FROM files WHERE id = ?');
  const dropWords = db.prepare('DELETE FROM words WHERE rowid = ?');
  const putWords = db.prepare(
    'INSERT INTO words (rowid, title, about, step, command, prose) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    put(file: IndexedFile & { passages: readonly Passage[] | null }): void {
      const { entry, passages, modifiedMs, bytes, sha256 } = file;
      const { path, kind, system, owner, risk, format } = entry;
      const id = putFile.get({
        ...{ path, modifiedMs, bytes, sha256, kind, system, owner, risk, format },
        json: JSON.stringify(entry),
        state: stateOf(entry),
        tools: `\n${entry.tools.join('\n')}\n`,
      });
      if (passages === null) return;
      putBody.run(id, JSON.stringify(passages));
      const column = (of: (passage: Passage) => string): string => passages.map(of).join('\n');
      dropWords.run(id);
      putWords.run(
        ...[id, entry.title, aboutOf(entry)],
        column((passage) => passage.title),
        column((passage) => passage.command),
        column((passage) => passage.prose),
      );
    },
    forget(path: string): void {
      const id = idOf.get(path);
      if (id === undefined) return;
      dropWords.run(id);
      dropFile.run(id);
    },
  };
}

/** What a runbook is known by beside its title: also the names of its file and folder. */
function aboutOf({ path, kind, system, owner, tools, range }: LibraryEntry): string {
  const names = path.split(/[/\\]/).slice(-2);
  const practice = range === null ? null : 'practice';
  return [kind, system, owner, practice, ...tools, ...names]
    .filter((word) => word !== null)
    .join('\n');
}
