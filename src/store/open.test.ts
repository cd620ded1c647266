import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open.ts';
import { addRun, notes } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

describe('a new store', () => {
  it('is private, in WAL and fully synchronous', () => {
    const home = join(folder(), 'deep', 'home');
    const opened = store(home);
    addRun(opened, 'r');
    if (process.platform !== 'win32') {
      expect(statSync(home).mode & 0o777).toBe(0o700);
      expect(statSync(join(home, 'muster.db')).mode & 0o777).toBe(0o600);
      expect(statSync(join(home, 'muster.db-wal')).mode & 0o777).toBe(0o600);
    }
    const beside = new Database(join(home, 'muster.db'));
    expect(beside.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(beside.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
    beside.close();
  });

  it('makes every table strict', () => {
    const home = folder();
    store(home);
    const db = new Database(join(home, 'muster.db'));
    const loose = db
      .prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    db.close();
    expect(loose).toEqual([]);
  });

  it('keeps everything when opened again', () => {
    const home = folder();
    const first = openStore(home);
    addRun(first, 'r');
    first.events.append(notes('r', 3));
    first.close();
    const again = store(home);
    expect(again.events.read('r')).toEqual(notes('r', 3));
    expect(again.runs.get('r')?.title).toBe('Run r');
  });
});

describe('transactions', () => {
  it('undo everything when the work throws, and let the exception through', () => {
    const opened = store();
    addRun(opened, 'r');
    const mine = new TypeError('mine');
    const attempt = () =>
      opened.transaction(() => {
        opened.events.append(notes('r', 2));
        throw mine;
      });
    expect(attempt).toThrow(mine);
    expect(opened.events.head('r')).toBeNull();
  });

  it('may be nested, the inner one undone by itself', () => {
    const opened = store();
    const value = opened.transaction(() => {
      opened.settings.write('outer', '1');
      try {
        opened.transaction(() => {
          opened.settings.write('inner', '1');
          throw new Error('inner');
        });
      } catch {
        // The outer one goes on.
      }
      return 42;
    });
    expect(value).toBe(42);
    expect(opened.settings.read('outer')).toBe('1');
    expect(opened.settings.read('inner')).toBeNull();
  });

  it('refuse asynchronous work', () => {
    const opened = store();
    expect(() => opened.transaction(async () => opened.settings.write('a', '1'))).toThrow();
  });
});

describe('changes', () => {
  it('differ after a write here or in another connection, and not otherwise', () => {
    const home = folder();
    const one = store(home);
    const other = store(home);
    const start = one.changes();
    expect(one.changes()).toBe(start);
    one.settings.write('a', '1');
    const afterOwn = one.changes();
    expect(afterOwn).not.toBe(start);
    other.settings.write('b', '1');
    expect(one.changes()).not.toBe(afterOwn);
  });
});

describe('migrations', () => {
  const v1 = { version: 1, sql: 'CREATE TABLE a (x TEXT) STRICT;' };
  const v2 = { version: 2, sql: 'ALTER TABLE a ADD COLUMN y TEXT;' };

  it('copy an existing database before they change it, and not a new one', () => {
    const home = folder();
    const file = join(home, 'some.db');
    const backups = join(home, 'backups');
    const db = new Database(file);
    migrate(db, { file, migrations: [v1], backups });
    expect(() => statSync(backups)).toThrow();
    db.exec("INSERT INTO a VALUES ('kept')");
    migrate(db, { file, migrations: [v1, v2], backups });
    expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: 'kept', y: null }]);
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    db.close();

    const copies = readdirSync(backups);
    expect(copies).toHaveLength(1);
    const copy = new Database(join(backups, copies[0] ?? ''), { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(copy.prepare('SELECT * FROM a').all()).toEqual([{ x: 'kept' }]);
    copy.close();
  });

  it('leave the database as it was when one fails', () => {
    const home = folder();
    const file = join(home, 'some.db');
    const db = new Database(file);
    const broken = { version: 2, sql: 'CREATE TABLE b (x TEXT) STRICT; SELECT * FROM nothing;' };
    migrate(db, { file, migrations: [v1], backups: home });
    expect(() => migrate(db, { file, migrations: [v1, broken], backups: home })).toThrow();
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'b'").all()).toEqual([]);
    db.close();
  });

  it('refuse a database from a newer version and leave it untouched', () => {
    const home = folder();
    const file = join(home, 'muster.db');
    const db = new Database(file);
    db.exec('CREATE TABLE future (x TEXT); PRAGMA user_version = 99;');
    db.close();
    const before = readFileSync(file);
    const problem = problemOf(() => openStore(home));
    expect(problem.code).toBe('store-newer');
    expect(problem.what).toContain('99');
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('a store that cannot be opened', () => {
  it('names a file that is no database, and leaves it', () => {
    const home = folder();
    const file = join(home, 'muster.db');
    writeFileSync(file, 'This is not a database. '.repeat(400));
    const before = readFileSync(file);
    const problem = problemOf(() => openStore(home));
    expect(problem.code).toBe('store-corrupt');
    expect(problem.what).toContain(file);
    expect(problem.next).toContain('MUSTER_HOME');
    expect(problem.next).toContain(join(home, 'backups'));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('names damage in the middle of the file when it is read', () => {
    const home = folder();
    const opened = openStore(home);
    addRun(opened, 'r');
    opened.events.append(notes('r', 500));
    opened.close();
    const file = join(home, 'muster.db');
    const whole = readFileSync(file);
    whole.fill(0xa5, 4096 * 2);
    const other = join(folder(), 'home');
    mkdirSync(other);
    writeFileSync(join(other, 'muster.db'), whole);
    const problem = problemOf(() => openStore(other).events.read('r'));
    expect(problem.code).toBe('store-corrupt');
  });

  it('names a folder where the database should be', () => {
    const home = folder();
    mkdirSync(join(home, 'muster.db'));
    expect(problemOf(() => openStore(home)).code).toBe('store-read-only');
  });

  it('names a home that is a file', () => {
    const file = join(folder(), 'home');
    writeFileSync(file, '');
    expect(problemOf(() => openStore(file)).code).toBe('store-read-only');
  });

  it('names an SQLite module that cannot be loaded', () => {
    const binary = join(folder(), 'sqlite.node');
    expect(problemOf(() => openStore(folder(), { nativeBinding: binary })).code).toBe(
      'store-module-unusable',
    );
    writeFileSync(binary, 'not a library');
    expect(problemOf(() => openStore(folder(), { nativeBinding: binary })).code).toBe(
      'store-module-unusable',
    );
  });

  it('names the lock of another program, which keeps its work', () => {
    const home = folder();
    const first = store(home, 100);
    const other = new Database(join(home, 'muster.db'));
    other.exec('BEGIN EXCLUSIVE');
    const problem = problemOf(() => first.settings.write('a', '1'));
    expect(problem.code).toBe('store-locked');
    other.exec('ROLLBACK');
    other.close();
    first.settings.write('a', '1');
    expect(first.settings.read('a')).toBe('1');
  });

  it('opens a copy of a store elsewhere', () => {
    const home = folder();
    const first = openStore(home);
    addRun(first, 'r');
    first.close();
    const copy = folder();
    copyFileSync(join(home, 'muster.db'), join(copy, 'muster.db'));
    expect(store(copy).runs.list()).toHaveLength(1);
  });
});
