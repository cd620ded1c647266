import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../core/run/events.ts';
import { guardFor, openingFailure, sqliteProblem } from './failures.ts';
import { openStore } from './open.ts';
import { mayMount, mountDisk } from './test/disk.ts';
import { addRun, next, note, notes } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

function mounted(options: string) {
  const disk = mountDisk(options);
  onTestFinished(disk.unmount);
  return disk;
}

describe.runIf(mayMount)('a disk of its own (needs root on Linux)', () => {
  it('that fills up loses nothing, and the work goes on when there is room again', () => {
    const disk = mounted('size=2m');
    const { path } = disk;
    const opened = openStore(path);
    onTestFinished(() => opened.close());
    addRun(opened, 'r');
    let last: RunEvent | null = null;
    const problem = problemOf(() => {
      for (;;) {
        const event = next('r', last, note('x'.repeat(20_000)));
        opened.events.append([event]);
        last = event;
      }
    });
    expect(problem.code).toBe('disk-full');
    expect(problem.what).toContain(path);
    expect(opened.events.head('r')?.seq).toBe(next('r', last, note('')).seq - 1);
    expect(problemOf(() => opened.settings.write('big', 'x'.repeat(50_000))).code).toBe(
      'disk-full',
    );

    disk.remount('size=8m');
    opened.events.append([next('r', last, note('room again'))]);
    expect(opened.events.read('r').at(-1)?.body).toEqual(note('room again'));
  });

  it('that is full before the store is made says so', () => {
    const { path } = mounted('size=64k');
    writeFileSync(join(path, 'filler'), Buffer.alloc(60 * 1024));
    expect(problemOf(() => openStore(path)).code).toBe('disk-full');
  });

  it('that is full when an existing store is opened says so, and keeps it', () => {
    const disk = mounted('size=2m');
    const first = openStore(disk.path);
    addRun(first, 'r');
    first.events.append(notes('r', 10));
    first.close();
    disk.fill();
    const problem = problemOf(() => {
      const opened = openStore(disk.path);
      onTestFinished(() => opened.close());
      opened.settings.write('a', 'b');
    });
    expect(problem.code).toBe('disk-full');
    disk.free();
    expect(store(disk.path).events.read('r')).toHaveLength(10);
  });

  it('that is read-only says so, with and without a store on it', () => {
    const disk = mounted('size=2m');
    const opened = openStore(disk.path);
    addRun(opened, 'r');
    opened.close();
    disk.remount('ro');
    const problem = problemOf(() => openStore(disk.path));
    expect(problem.code).toBe('store-read-only');
    expect(problem.next).toContain(disk.path);
    expect(problemOf(() => openStore(join(disk.path, 'new'))).code).toBe('store-read-only');
    disk.remount('rw');
    expect(store(disk.path).runs.list()).toHaveLength(1);
  });
});

describe('what SQLite and the file system refuse', () => {
  it('is a full disk when a real database meets its limit', () => {
    const file = join(folder(), 'small.db');
    const db = new Database(file);
    db.exec('CREATE TABLE t (x BLOB)');
    db.pragma('max_page_count = 4');
    const fill = () => guardFor(file)(() => db.exec('INSERT INTO t VALUES (zeroblob(100000))'));
    expect(problemOf(fill).code).toBe('disk-full');
    db.close();
  });

  it.each([
    ['SQLITE_BUSY', 'store-locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'store-locked'],
    ['SQLITE_LOCKED', 'store-locked'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY_DIRECTORY', 'store-read-only'],
    ['SQLITE_CANTOPEN', 'store-read-only'],
    ['SQLITE_CORRUPT_VTAB', 'store-corrupt'],
    ['SQLITE_NOTADB', 'store-corrupt'],
    ['SQLITE_IOERR_FSYNC', 'store-io'],
    ['SQLITE_NOMEM', 'store-failed'],
  ])('%s is %s', (code, expected) => {
    const problem = sqliteProblem(join(folder(), 'muster.db'), code, 'words of SQLite');
    expect(problem.code).toBe(expected);
    for (const words of [problem.what, problem.safe, problem.next]) expect(words).toMatch(/\.$/);
    expect(problem.detail).toContain('words of SQLite');
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EACCES', 'store-read-only'],
    ['EROFS', 'store-read-only'],
    ['EIO', 'store-io'],
  ])('%s is %s', (code, expected) => {
    const thrown = Object.assign(new Error(code), { code, syscall: 'open' });
    const failure = openingFailure('/data/muster.db', thrown);
    expect(
      problemOf(() => {
        throw failure;
      }).code,
    ).toBe(expected);
  });

  it('is not what the caller throws', () => {
    const mine = new Error('mine');
    expect(openingFailure('/data/muster.db', mine)).toBe(mine);
    expect(() =>
      guardFor('/data/muster.db')(() => {
        throw mine;
      }),
    ).toThrow(mine);
  });
});
