import { describe, expect, it, onTestFinished } from 'vitest';
import type { LibraryEntry } from '../core/library/entry.ts';
import { noFilters } from '../core/library/filters.ts';
import type { EventBody, RunEvent } from '../core/run/events.ts';
import { type LibraryIndex, openLibraryIndex } from './library-index.ts';
import type { Store } from './open.ts';
import { addRun, next, note } from './test/events.ts';
import { folder, store as open } from './test/fixtures.ts';

function begun(): { store: Store; index: LibraryIndex; learn: (limit?: number) => void } {
  const store = open();
  const index = openLibraryIndex(folder(), '1');
  onTestFinished(() => index.close());
  return { store, index, learn: (limit = 100) => learn(store, index, limit) };
}

function learn(store: Store, index: LibraryIndex, limit: number): void {
  for (;;) {
    const page = store.notes.after(index.notes.place(), limit);
    index.notes.put(page);
    if (!page.more) return;
  }
}

const created: EventBody = {
  kind: 'run.created',
  title: 'Restore orders',
  path: '/a.md',
  sha256: 'f'.repeat(64),
  runbookKind: null,
  mode: 'drill',
  inputs: {},
  objectives: [],
  outline: [{ id: 'load', title: 'Load it', phase: '', does: 'hand', risk: 'safe', tasks: 0 }],
  range: null,
  operator: 'ada',
  host: 'h',
  version: '1',
};

/** A run with these events behind its creation; what it holds is counted from 2. */
function addEvents(store: Store, run: string, bodies: EventBody[], path = '/a.md'): RunEvent[] {
  store.runs.create({
    id: run,
    sha256: 'f'.repeat(64),
    title: `Run ${run}`,
    path,
    createdAt: '2026-03-01T03:00:00.000Z',
  });
  const events = [next(run, null, created)];
  for (const body of bodies) events.push(next(run, events.at(-1) ?? null, body));
  store.events.append(events);
  return events;
}

const about = (step: string, text: string): EventBody => ({
  kind: 'note.added',
  step,
  text,
  by: 'bob',
});

const found = (index: LibraryIndex, query: string, filters = noFilters) =>
  index.notes.search(query, filters, 10).notes.map(({ run, seq }) => `${run}:${seq}`);

describe('notes of runs in the index', () => {
  it('are found by all of their words, with what they are about', () => {
    const { store, index, learn } = begun();
    addRun(store, 'x');
    addEvents(store, 'r', [
      about('load', 'First line.\nThe disk was slow again'),
      note('Called the shop'),
    ]);
    learn();
    expect(index.notes.search('slow disk', noFilters, 10)).toEqual({
      notes: [
        {
          run: 'r',
          seq: 2,
          title: 'Run r',
          step: 'Load it',
          at: '2026-03-01T03:00:00.000Z',
          by: 'bob',
          text: {
            text: 'The disk was slow again',
            marks: [
              { start: 4, end: 8 },
              { start: 13, end: 17 },
            ],
          },
        },
      ],
      more: false,
    });
    expect(found(index, 'shop disk')).toEqual([]);
    expect(found(index, 'cal')).toEqual(['r:3']);
    expect(found(index, '')).toEqual([]);
    expect(found(index, '"')).toEqual([]);
  });

  it('are taken in page by page, each once, and only what is new', () => {
    const { store, index, learn } = begun();
    addRun(store, 'x');
    const events = addEvents(store, 'r', [
      note('one'),
      { kind: 'run.paced', auto: true, allow: 'safe', by: 'note.added' },
      note('two'),
      note('one three'),
    ]);
    learn(2);
    expect(found(index, 'one')).toEqual(['r:5', 'r:2']);
    learn();
    expect(found(index, 'one')).toEqual(['r:5', 'r:2']);
    const place = index.notes.place();
    store.events.append([next('r', events.at(-1) ?? null, note('one later'))]);
    expect(store.notes.after(place, 100).notes.map(({ text }) => text)).toEqual(['one later']);
    learn();
    expect(found(index, 'one')).toEqual(['r:6', 'r:5', 'r:2']);
  });

  it('are forgotten when they are those of another store', () => {
    const { store, index, learn: first } = begun();
    addRun(store, 'x');
    addEvents(store, 'r', [note('old'), note('older')]);
    first();
    const other = open();
    learn(other, index, 100);
    expect(found(index, 'old')).toEqual([]);
    addRun(other, 'x');
    addEvents(other, 's', [note('new')]);
    learn(other, index, 100);
    expect(found(index, 'new')).toEqual(['s:2']);
    expect(found(index, 'old')).toEqual([]);
  });

  it('pass the filters of the runbook that was run', () => {
    const { store, index, learn } = begun();
    addRun(store, 'x');
    addEvents(store, 'r', [note('slow')], '/a.md');
    addEvents(store, 's', [note('slow')], '/gone.md');
    learn();
    const entry: LibraryEntry = {
      path: '/a.md',
      title: 'a',
      format: 'muster',
      kind: 'restore',
      system: 'orders',
      owner: null,
      steps: 1,
      unreviewed: 0,
      errors: 0,
      risk: 'safe',
      tools: [],
      modifiedAt: '2026-01-01T00:00:00.000Z',
      range: null,
      review: 'never',
      reviewDue: null,
    };
    index.put([{ entry, modifiedMs: 1, bytes: 1, sha256: 'x', passages: [] }]);
    expect(found(index, 'slow').sort()).toEqual(['r:2', 's:2']);
    expect(found(index, 'slow', { ...noFilters, system: 'orders' })).toEqual(['r:2']);
    expect(found(index, 'slow', { ...noFilters, system: 'other' })).toEqual([]);
    const none = index.notes.search('slow', noFilters, 10, () => false);
    expect(none).toEqual({ notes: [], more: false });
    expect(index.notes.search('slow', noFilters, 1)).toMatchObject({ more: true });
  });
});
