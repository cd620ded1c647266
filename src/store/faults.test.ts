import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { link, verifyChain } from '../core/ledger/chain.ts';
import { MusterError } from '../core/problem.ts';
import type { RunEvent } from '../core/run/events.ts';
import { openStore, type Store } from './open.ts';
import { mayMount, mountDisk } from './test/disk.ts';
import { addRun, note } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

/** Faults of the disk at every place where they may strike. */

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function following(previous: RunEvent | null, text: string): RunEvent {
  const stamp = { run: 'r', time: '2026-03-01T03:00:00.000Z', mono: 1, session: 's1' };
  return link(previous, stamp, note(text), sha256);
}

/** One of each kind of write; returns the names of those that were acknowledged. */
function writeAll(to: Store): string[] {
  const done: string[] = [];
  const head = { run: 'r', seq: 1, hash: 'a', time: '2026-03-01T03:00:00.000Z' };
  const chunk = { run: 'r', step: 's', attempt: 1, stream: 'out', at: 0 } as const;
  const big = Uint8Array.from({ length: 30_000 }, (_, index) => (index * 7919) % 251);
  const writes: [string, () => unknown][] = [
    ['event', () => to.events.append([following(null, 'x'.repeat(6_000))])],
    ['output', () => to.outputs.append({ ...chunk, bytes: big, source: big.length })],
    ['gap', () => to.outputs.leaveOut('r', 's', 1, { at: 0, bytes: 1, lines: 1 })],
    ['head', () => to.heads.add({ ...head, key: 'k', signature: 's' })],
    ['summary', () => to.runs.saveSummary('r', { text: 'y'.repeat(6_000) })],
    ['setting', () => to.settings.write('k', 'z'.repeat(6_000))],
  ];
  for (const [name, write] of writes) {
    try {
      write();
      done.push(name);
    } catch (thrown) {
      if (!(thrown instanceof MusterError)) throw thrown;
      expect(thrown.problem.code).toBe('disk-full');
    }
  }
  return done;
}

function found(of: Store): string[] {
  return [
    of.events.head('r') && 'event',
    of.outputs.size('r', 's', 1).kept > 0 && 'output',
    of.outputs.leftOut('r', 's', 1) && 'gap',
    of.heads.last('r') && 'head',
    of.runs.get('r')?.summary != null && 'summary',
    of.settings.read('k') !== null && 'setting',
  ].filter((name) => typeof name === 'string');
}

describe.runIf(mayMount)('a disk that is full at any write (needs root on Linux)', () => {
  it('keeps what was acknowledged and nothing else, and says what is wrong', () => {
    const counts = new Set<number>();
    for (let room = 0; room <= 40; room += 2) {
      const disk = mountDisk('size=4m');
      try {
        const first = openStore(disk.path);
        addRun(first, 'r');
        disk.fill();
        // The filler gives way a page at a time, so that each write meets the end once.
        const filler = join(disk.path, 'filler');
        truncateSync(filler, Math.max(0, statSync(filler).size - room * 4096));
        const done = writeAll(first);
        counts.add(done.length);
        expect(found(first)).toEqual(done);
        disk.free();
        first.close();
        const again = openStore(disk.path);
        expect(found(again)).toEqual(done);
        expect(verifyChain(again.events.iterate('r'), sha256).bad).toBeNull();
        again.close();
      } finally {
        disk.unmount();
      }
    }
    // From nothing at all to everything.
    expect(counts).toContain(0);
    expect(counts).toContain(6);
    expect(counts.size).toBeGreaterThan(3);
  }, 60_000);
});

/** A store as it lies on disk after a crash: 60 commits, all in the write-ahead log or none. */
function crashed(inLog: boolean): { home: string; hashes: string[] } {
  const from = store();
  addRun(from, 'r');
  const hashes: string[] = [];
  let last: RunEvent | null = null;
  for (let index = 0; index < 60; index += 1) {
    last = following(last, `${index} ${'x'.repeat(300)}`);
    from.events.append([last]);
    hashes.push(last.hash);
  }
  const home = folder();
  if (!inLog) from.close();
  for (const name of ['muster.db', 'muster.db-wal']) {
    if (existsSync(join(from.home, name))) copyFileSync(join(from.home, name), join(home, name));
  }
  return { home, hashes };
}

/** The hashes of what can be read, or the code of the problem that was told. */
function readAgain(home: string): string[] | string {
  let opened: Store | null = null;
  try {
    opened = openStore(home);
    const check = verifyChain(opened.events.stored('r'), sha256);
    if (check.bad) return 'verify';
    return opened.events.read('r').map(({ hash }) => hash);
  } catch (thrown) {
    if (thrown instanceof MusterError) return thrown.problem.code;
    throw thrown;
  } finally {
    opened?.close();
  }
}

describe('a torn page', () => {
  const places = Array.from({ length: 16 }, (_, index) => index);

  it.each(places)('at the end of the log leaves whole commits, in order (%i)', (place) => {
    const { home, hashes } = crashed(true);
    const log = join(home, 'muster.db-wal');
    const content = readFileSync(log);
    const at = content.length - 1 - Math.floor((place / places.length) * 12_000);
    if (place % 2 === 0) truncateSync(log, at);
    else {
      content.fill(0xa5, at, Math.min(content.length, at + 512));
      writeFileSync(log, content);
    }
    const read = readAgain(home);
    if (typeof read === 'string') throw new Error(read);
    expect(read).toEqual(hashes.slice(0, read.length));
    expect(read.length).toBeGreaterThan(40);
  });

  it.each(places)('of the database is named, or does not matter (%i)', (place) => {
    const { home, hashes } = crashed(false);
    const file = join(home, 'muster.db');
    const content = readFileSync(file);
    const pages = content.length / 4096;
    const page = pages - 1 - Math.floor((place / places.length) * 16);
    content.fill(0xa5, page * 4096 + 100, page * 4096 + 3_000);
    if (place % 3 === 0) truncateSync(file, page * 4096 + 1_000);
    else writeFileSync(file, content);
    const read = readAgain(home);
    // Never less, and never something else, without a word.
    if (typeof read === 'string') {
      expect(['store-corrupt', 'ledger-damaged', 'verify', 'store-failed']).toContain(read);
    } else expect(read).toEqual(hashes);
  });
});

describe('a database that another program holds', () => {
  it('refuses each write after the wait, and takes all of them afterwards', () => {
    const mine = store(folder(), 50);
    addRun(mine, 'r');
    const other = openStore(mine.home);
    onTestFinished(() => other.close());
    other.transaction(() => {
      expect(problemOf(() => mine.events.append([following(null, 'one')])).code).toBe(
        'store-locked',
      );
      expect(problemOf(() => mine.settings.write('k', 'v')).code).toBe('store-locked');
      // Reading goes on.
      expect(mine.events.read('r')).toEqual([]);
    });
    mine.events.append([following(null, 'one')]);
    expect(mine.events.head('r')?.seq).toBe(1);
  });
});
