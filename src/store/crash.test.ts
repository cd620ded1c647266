import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from './open.ts';
import { bundle } from './test/bundle.ts';
import { next, note } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

let built: string;
let writer: string;

beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'muster-writer-'));
  writer = await bundle('writer', built);
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** Starts the writer; `acknowledged` is the last number it printed so far. */
function write(home: string, run: string, count?: number) {
  const args = count === undefined ? [] : [String(count)];
  const child = spawn(process.execPath, [writer, home, run, ...args]);
  let printed = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close');
  return {
    child,
    ended,
    errors: () => errors,
    acknowledged: () => Number(/(\d+)\n[^\n]*$/.exec(printed)?.[1] ?? 0),
  };
}

it('has every acknowledged event after kill -9, over and over', async () => {
  const home = folder();
  for (let round = 0; round < 12; round++) {
    const process = write(home, 'r');
    const before = openStore(home);
    const start = before.events.head('r')?.seq ?? 0;
    before.close();
    // Killed somewhere in its writing, at a different moment each time.
    while (process.acknowledged() <= start) await once(process.child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, (round * 7) % 40));
    process.child.kill('SIGKILL');
    await process.ended;

    const opened = openStore(home);
    const events = opened.events.read('r');
    expect(events.length).toBeGreaterThanOrEqual(process.acknowledged());
    // A transaction is two events and their output: all there or not at all.
    expect(events.length % 2).toBe(0);
    let text = '';
    for (const chunk of opened.outputs.read('r', 'load', 1, 0, 100_000_000)) {
      expect(chunk.at).toBe(text.length);
      text += new TextDecoder().decode(chunk.bytes);
    }
    const expected = events
      .filter((event) => event.seq % 2 === 0)
      .map((event) => `line ${event.seq}\n`.repeat(50));
    expect(text).toBe(expected.join(''));
    opened.close();
    const db = new Database(join(home, 'muster.db'));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  }
}, 60_000);

it('is opened new by several processes at once, which write side by side', async () => {
  const home = join(folder(), 'new');
  const writers = ['a', 'b', 'c'].map((run) => write(home, run, 40));
  for (const { ended, errors } of writers) {
    const [code] = await ended;
    expect(errors()).toBe('');
    expect(code).toBe(0);
  }
  const opened = store(home);
  for (const run of ['a', 'b', 'c']) expect(opened.events.read(run)).toHaveLength(80);
}, 60_000);

it('sees what another process writes, and refuses to write over it', async () => {
  const home = folder();
  const mine = store(home);
  const before = mine.changes();
  const [code] = await write(home, 'r', 3).ended;
  expect(code).toBe(0);
  expect(mine.changes()).not.toBe(before);
  expect(mine.events.head('r')?.seq).toBe(6);
  const stale = next('r', null, note('a window that slept'));
  expect(problemOf(() => mine.events.append([stale])).code).toBe('run-driven-elsewhere');
}, 60_000);
