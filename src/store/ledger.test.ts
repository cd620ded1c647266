import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../core/run/events.ts';
import { addRun, bytes, next, note, notes } from './test/events.ts';
import { folder, problemOf, store } from './test/fixtures.ts';

describe('events', () => {
  it('come back as they went in, a page at a time too', () => {
    const opened = store();
    addRun(opened, 'r');
    const events = notes('r', 2_500);
    opened.events.append(events);
    expect(opened.events.read('r')).toEqual(events);
    expect(opened.events.read('r', 2_400)).toEqual(events.slice(2_400));
    let seen = 0;
    for (const event of opened.events.iterate('r')) {
      seen++;
      // A write in the middle of an iteration is allowed.
      if (event.seq % 500 === 0) opened.settings.write('at', String(event.seq));
    }
    expect(seen).toBe(2_500);
    expect(opened.events.head('r')).toEqual({ seq: 2_500, hash: events.at(-1)?.hash });
    expect(opened.events.head('nobody')).toBeNull();
  });

  it('keep fields that this version does not know, because the hash covers them', () => {
    const opened = store();
    addRun(opened, 'r');
    const [event] = notes('r', 1);
    const later: unknown = { ...event?.body, later: { deep: [1, 'x'] } };
    const odd = { ...event, body: later } as RunEvent;
    opened.events.append([odd]);
    expect(opened.events.read('r')).toEqual([odd]);
  });

  it('are appended together or not at all', () => {
    const opened = store();
    addRun(opened, 'r');
    const [one, two, three] = notes('r', 3) as [RunEvent, RunEvent, RunEvent];
    expect(problemOf(() => opened.events.append([one, two, two])).code).toBe(
      'run-driven-elsewhere',
    );
    expect(opened.events.head('r')).toBeNull();
    opened.events.append([one]);
    expect(problemOf(() => opened.events.append([three])).code).toBe('ledger-out-of-order');
    expect(opened.events.read('r')).toEqual([one]);
  });

  it('are refused when another process came first', () => {
    const home = folder();
    const mine = store(home);
    const theirs = store(home);
    addRun(mine, 'r');
    const first = next('r', null, note('both know this'));
    mine.events.append([first]);
    theirs.events.append([next('r', first, note('theirs'))]);
    const problem = problemOf(() => mine.events.append([next('r', first, note('mine'))]));
    expect(problem.code).toBe('run-driven-elsewhere');
    expect(mine.events.read('r').map((e) => e.body)).toEqual([
      note('both know this'),
      note('theirs'),
    ]);
  });

  it('must follow the hash of the last one', () => {
    const opened = store();
    addRun(opened, 'r');
    const [one] = notes('r', 1) as [RunEvent];
    const bad = { ...one, prev: '1'.repeat(64) };
    expect(problemOf(() => opened.events.append([bad])).code).toBe('ledger-out-of-order');
  });

  it('name the run and the number of a row that cannot be read', () => {
    const home = folder();
    const opened = store(home);
    addRun(opened, 'r');
    const [one, two] = notes('r', 2) as [RunEvent, RunEvent];
    opened.events.append([one]);
    const db = new Database(join(home, 'muster.db'));
    const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    insert.run('r', 2, two.time, 1, 's', '{"kind":"no.such"}', two.prev, two.hash);
    insert.run('r', 3, two.time, 1, 's', '{"kind":', two.hash, 'x');
    db.close();
    const problem = problemOf(() => opened.events.read('r'));
    expect(problem.code).toBe('ledger-damaged');
    expect(problem.what).toContain('run r, event 2');
    expect(problemOf(() => opened.events.read('r', 2)).what).toContain('run r, event 3');
  });
});

describe('what is recorded', () => {
  it.each([
    ['UPDATE events SET time = time', 'ledger-append-only'],
    ['DELETE FROM events', 'ledger-append-only'],
    ['INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 1', 'ledger-append-only'],
    ['UPDATE outputs SET length = 0', 'ledger-append-only'],
    ['DELETE FROM outputs', 'ledger-append-only'],
    ["UPDATE runbook_texts SET data = x'00'", 'ledger-append-only'],
    ['DELETE FROM runbook_texts', 'ledger-append-only'],
    ["UPDATE runs SET title = 'x'", 'ledger-append-only'],
    ['DELETE FROM runs', 'ledger-append-only'],
  ])('cannot be changed: %s', (sql) => {
    const home = folder();
    const opened = store(home);
    addRun(opened, 'r');
    opened.events.append(notes('r', 2));
    opened.outputs.append({
      run: 'r',
      step: 's',
      attempt: 1,
      stream: 'out',
      at: 0,
      bytes: bytes('a'),
      source: 1,
    });
    const db = new Database(join(home, 'muster.db'));
    db.pragma('recursive_triggers = ON');
    expect(() => db.exec(sql)).toThrow('append-only');
    db.close();
    expect(opened.events.read('r')).toEqual(notes('r', 2));
  });
});

describe('runs', () => {
  it('are listed newest first, with a summary that is only a cache', () => {
    const home = folder();
    const opened = store(home);
    addRun(opened, 'old', '2026-03-01T03:00:00.000Z');
    addRun(opened, 'new', '2026-03-02T03:00:00.000Z');
    opened.runs.saveSummary('old', { outcome: 'succeeded' });
    opened.runs.saveSummary('old', { outcome: 'failed' });
    expect(opened.runs.list().map((run) => [run.id, run.summary])).toEqual([
      ['new', null],
      ['old', { outcome: 'failed' }],
    ]);
    expect(opened.runs.get('none')).toBeNull();
  });

  it('can be listed from their events alone when the summaries are lost', () => {
    const home = folder();
    const opened = store(home);
    for (const id of ['a', 'b']) {
      addRun(opened, id);
      opened.events.append(notes(id, id === 'a' ? 2 : 5));
      opened.runs.saveSummary(id, summarise(opened.events.read(id)));
    }
    const before = opened.runs.list();
    const db = new Database(join(home, 'muster.db'));
    db.exec('DELETE FROM run_summaries');
    db.close();
    for (const run of opened.runs.list()) {
      expect(run.summary).toBeNull();
      opened.runs.saveSummary(run.id, summarise(opened.events.read(run.id)));
    }
    expect(opened.runs.list()).toEqual(before);
  });

  it('read a spoilt summary as none', () => {
    const home = folder();
    const opened = store(home);
    addRun(opened, 'r');
    opened.runs.saveSummary('r', {});
    const db = new Database(join(home, 'muster.db'));
    db.exec("UPDATE run_summaries SET summary = '{'");
    db.close();
    expect(opened.runs.get('r')?.summary).toBeNull();
  });
});

describe('texts', () => {
  it.each(['', '# A\r\n\tb', '\uFEFF# With a mark', 'nul \0 inside', 'é'.repeat(100_000)])(
    'are kept exactly (%#)',
    (text) => {
      const opened = store();
      opened.texts.keep('hash', text);
      opened.texts.keep('hash', text);
      expect(opened.texts.read('hash')).toBe(text);
      expect(opened.texts.read('other')).toBeNull();
    },
  );

  it('are never replaced', () => {
    const opened = store();
    opened.texts.keep('hash', 'first');
    opened.texts.keep('hash', 'second');
    expect(opened.texts.read('hash')).toBe('first');
  });

  it('must be there for every run', () => {
    const opened = store();
    const create = () =>
      opened.runs.create({
        id: 'r',
        sha256: 'missing',
        title: '',
        path: null,
        createdAt: '2026-03-01T03:00:00.000Z',
      });
    expect(problemOf(create).code).toBe('store-failed');
  });
});

function summarise(events: RunEvent[]): unknown {
  return { events: events.length, last: events.at(-1)?.hash };
}
