import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { link } from '../core/ledger/chain.ts';
import type { EventBody, RunEvent } from '../core/run/events.ts';
import { createdOf, phaseOf, ran, runbookOf, stepOf } from '../core/run/fixture.ts';
import { fold } from '../core/run/reduce.ts';
import { databaseFile } from '../store/connection.ts';
import { openStore, type Store } from '../store/open.ts';
import { createHeadSigner } from './keys/sign-heads.ts';
import { openSigningKey } from './keys/signing-key.ts';
import { glanceOf, keepSnapshot, stateOf } from './run-state.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const run = 'run-1';
const runbook = runbookOf([phaseOf('All', [stepOf('a'), stepOf('b')])]);

let home: string;
let store: Store;

/** Appends to the run's ledger, as a driver does. */
function record(bodies: readonly EventBody[]): void {
  let previous: RunEvent | null = store.events.read(run).at(-1) ?? null;
  const events = bodies.map((body) => {
    const stamp = { run, time: new Date().toISOString(), mono: 1, session: 's' };
    previous = link(previous, stamp, body, sha256);
    return previous;
  });
  store.events.append(events);
}

function attempts(from: number, to: number): EventBody[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    ran('a', from + index, 'failed'),
  ).flat();
}

const folded = () => fold(store.events.iterate(run));
const sign = () => createHeadSigner(store, null).sign(run);

/** Writes to the database past the store. */
function tamper(sql: string, ...values: unknown[]): void {
  const db = new Database(databaseFile(home));
  db.prepare(sql).run(...values);
  db.close();
}

/** A home with a run of so many attempts; made once and copied, because recording takes long. */
const prepared = new Map<number, string>();

function openWith(count: number): void {
  const from = prepared.get(count) ?? prepare(count);
  home = mkdtempSync(join(tmpdir(), 'muster-state-'));
  cpSync(from, home, { recursive: true });
  store = openStore(home);
  const [opened, folder] = [store, home];
  onTestFinished(() => {
    opened.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

function prepare(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-state-'));
  prepared.set(count, folder);
  store = openStore(folder);
  store.texts.keep(sha256('text'), 'text');
  create(run);
  record([createdOf(runbook), ...attempts(1, count)]);
  sign();
  store.close();
  return folder;
}

function create(id: string): void {
  const createdAt = new Date().toISOString();
  store.runs.create({ id, sha256: sha256('text'), title: 'A run', path: null, createdAt });
}

afterAll(() => {
  for (const folder of prepared.values()) rmSync(folder, { recursive: true, force: true });
});

describe('the snapshot of a long run', () => {
  it('is kept when the run is signed, and gives the state that its events give', () => {
    openWith(1_200);
    expect(store.snapshots.upTo(run)).toBe(3_601);
    expect(stateOf(store, run)).toEqual(folded());
    expect(glanceOf(store, run)).toEqual({ state: folded(), isWhole: true });
  });

  it('is gone on from with what was recorded since', () => {
    openWith(1_200);
    record(attempts(1_201, 1_210));
    expect(store.snapshots.upTo(run)).toBe(3_601);
    expect(stateOf(store, run)).toEqual(folded());
    expect(glanceOf(store, run)?.state).toEqual(folded());
  });

  it('is made anew only when the run has grown by much, or has ended', () => {
    openWith(4_000);
    expect(store.snapshots.upTo(run)).toBe(12_001);
    record(attempts(4_001, 4_700));
    sign();
    expect(store.snapshots.upTo(run)).toBe(12_001);
    record([{ kind: 'run.ended', outcome: 'failed', reason: null, by: 'ann' }]);
    sign();
    expect(store.snapshots.upTo(run)).toBe(14_102);
  });

  it('shows of many attempts the last one of each step at once', () => {
    openWith(4_000);
    const glance = glanceOf(store, run);
    expect(glance?.isWhole).toBe(false);
    expect(glance?.state.steps[0]?.attempts.map(({ number }) => number)).toEqual([4_000]);
    expect(glance?.state.lastSeq).toBe(12_001);
    expect(stateOf(store, run)).toEqual(folded());
  });

  it('is none of a short run', () => {
    openWith(1_200);
    create('short');
    const key = openSigningKey(home, null);
    if (key) keepSnapshot(store, 'short', key);
    expect(key).not.toBeNull();
    expect(store.snapshots.of('short')).toBeNull();
  });
});

describe('a snapshot that somebody else made', () => {
  beforeEach(() => openWith(4_000));

  it.each([
    ['another state', 'UPDATE snapshots SET glance = ?', new Uint8Array([1, 2, 3])],
    ['other attempts', 'UPDATE snapshots SET attempts = ?', new Uint8Array([1, 2, 3])],
    ['no attempts', 'UPDATE snapshots SET attempts = ?', new Uint8Array()],
    ['another event', 'UPDATE snapshots SET seq = ?', 3_000],
    ['another hash', 'UPDATE snapshots SET hash = ?', 'f'.repeat(64)],
    ['another form', 'UPDATE snapshots SET form = ?', 0],
    ['another signature', 'UPDATE snapshots SET signature = ?', 'AAAA'],
  ])('with %s is not believed', (_, sql, value) => {
    const glance = glanceOf(store, run);
    tamper(sql, value);
    expect(stateOf(store, run)).toEqual(folded());
    expect(glanceOf(store, run)).toEqual(glance);
  });

  it('with another key is not believed', () => {
    rmSync(join(home, 'keys'), { recursive: true });
    expect(stateOf(store, run)).toEqual(folded());
    openSigningKey(home, null);
    expect(stateOf(store, run)).toEqual(folded());
  });

  it('of an event that was made anew is not believed', () => {
    const before = folded();
    tamper('DROP TRIGGER events_keep');
    tamper('UPDATE events SET hash = ? WHERE seq = 12001', 'e'.repeat(64));
    expect(stateOf(store, run)).toEqual({ ...before, lastHash: 'e'.repeat(64) });
  });
});
