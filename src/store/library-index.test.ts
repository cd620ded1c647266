import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LibraryEntry } from '../core/library/entry.ts';
import { type LibraryFilters, noFilters } from '../core/library/filters.ts';
import type { Passage } from '../core/library/passages.ts';
import { type LibraryIndex, openLibraryIndex } from './library-index.ts';
import { folder } from './test/fixtures.ts';

function index(home = folder(), version = '1'): LibraryIndex {
  const opened = openLibraryIndex(home, version);
  onTestFinished(() => opened.close());
  return opened;
}

const entry = (title: string, more: Partial<LibraryEntry> = {}): LibraryEntry => ({
  path: `/${title}.md`,
  title,
  format: 'muster',
  kind: null,
  system: null,
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
  ...more,
});

const step = (title: string, command = '', prose = '', line = 5): Passage => ({
  step: 's',
  title,
  line,
  command,
  prose,
});

const file = (about: LibraryEntry, ...passages: Passage[]) => ({
  entry: about,
  modifiedMs: 1,
  bytes: 1,
  sha256: 'x',
  passages,
});

const found = (of: LibraryIndex, query: string, filters: Partial<LibraryFilters> = {}): string[] =>
  of.search(query, { ...noFilters, ...filters }, 50).hits.map((hit) => hit.entry.title);

describe('search', () => {
  it('puts the title before the step, the command and the prose', () => {
    const one = index();
    one.put([
      file(entry('a'), step('x', '', 'a word about failover here')),
      file(entry('b'), step('x', 'failover --now the thing')),
      file(entry('c'), step('failover of the thing')),
      file(entry('Failover'), step('x', 'something else altogether')),
    ]);
    expect(found(one, 'failover')).toEqual(['Failover', 'c', 'b', 'a']);
  });

  it('needs every word, from wherever in the runbook it is', () => {
    const one = index();
    one.put([file(entry('Orders'), step('Load', 'pg_restore x'), step('Check', '', 'count rows'))]);
    expect(found(one, 'orders restore rows')).toEqual(['Orders']);
    expect(found(one, 'orders nowhere')).toEqual([]);
    expect(found(one, 'ROW')).toEqual(['Orders']);
    expect(found(one, '"count row"')).toEqual([]);
    expect(found(one, '"count rows"')).toEqual(['Orders']);
  });

  it('tells the step and marks the words', () => {
    const one = index();
    one.put([
      file(entry('Orders'), step('Prepare', 'true'), step('Load it', 'cat x | pg_restore', '', 9)),
    ]);
    const { hits } = one.search('pg_restore', noFilters, 10);
    expect(hits).toHaveLength(1);
    expect(hits[0]?.places).toMatchObject([
      {
        line: 9,
        title: { text: 'Load it', marks: [] },
        snippet: { code: true, text: 'cat x | pg_restore', marks: [{ start: 8, end: 18 }] },
      },
    ]);
  });

  it('narrows by every filter', () => {
    const one = index();
    one.put([
      file(entry('a', { system: 's1', kind: 'restore', owner: 'o', tools: ['psql', 'kubectl'] })),
      file(entry('b', { system: 's2', risk: 'destructive', unreviewed: 2, format: 'guide' })),
      file(entry('c', { system: 's2', errors: 1, tools: ['kube'] })),
    ]);
    const cases: [Partial<LibraryFilters>, string[]][] = [
      [{ system: 's2' }, ['b', 'c']],
      [{ kind: 'restore' }, ['a']],
      [{ owner: 'o' }, ['a']],
      [{ risk: 'destructive' }, ['b']],
      [{ format: 'guide' }, ['b']],
      [{ state: 'ready' }, ['a']],
      [{ state: 'errors' }, ['c']],
      [{ tool: 'kubectl' }, ['a']],
      [{ tool: 'kube' }, ['c']],
      [{ system: 's2', state: 'unreviewed' }, ['b']],
    ];
    for (const [filters, titles] of cases) {
      expect(found(one, '', filters)).toEqual(titles);
      expect(found(one, 'md', filters).sort()).toEqual(titles);
    }
  });

  it('asks whoever knows more of a runbook, and still gives as many as were wanted', () => {
    const one = index();
    one.put(Array.from({ length: 30 }, (_, number) => file(entry(`same ${number}`))));
    const isEven = (path: string): boolean => Number(path.slice(6, -3)) % 2 === 0;
    const { hits, more } = one.search('same', noFilters, 10, isEven);
    expect(hits).toHaveLength(10);
    expect(hits.every((hit) => isEven(hit.entry.path))).toBe(true);
    expect(more).toBe(true);
    expect(one.search('', noFilters, 20, isEven)).toMatchObject({ more: false });
  });

  it('takes any text for a query', () => {
    const one = index();
    one.put([file(entry('a'), step('x', 'y', 'z'))]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (query) => {
        found(one, query);
      }),
    );
    for (const query of ['"', '""', "'", 'a"b', 'NOT', 'a AND', '*', 'title:', '^', '\0', '((']) {
      expect(() => found(one, query)).not.toThrow();
    }
    expect(found(one, '--')).toEqual([]);
  });

  it('says when there is more than it gives', () => {
    const one = index();
    one.put(Array.from({ length: 5 }, (_, number) => file(entry(`same ${number}`))));
    expect(one.search('same', noFilters, 3)).toMatchObject({ more: true });
    expect(one.search('same', noFilters, 5)).toMatchObject({ more: false });
  });
});

describe('the index', () => {
  it('replaces and forgets', () => {
    const one = index();
    one.put([file(entry('a'), step('old'))]);
    one.put([file(entry('a'), step('new'))]);
    expect(found(one, 'old')).toEqual([]);
    expect(found(one, 'new')).toEqual(['a']);
    one.put([{ ...file(entry('a', { steps: 7 })), passages: null }]);
    expect(found(one, 'new')).toEqual(['a']);
    expect(one.all()).toMatchObject([{ entry: { steps: 7 } }]);
    one.forget(['/a.md', '/never.md']);
    expect(found(one, 'new')).toEqual([]);
    expect(one.all()).toEqual([]);
  });

  it('is made anew for another version, and where it is damaged', () => {
    const home = folder();
    const first = openLibraryIndex(home, '1');
    first.put([file(entry('a'))]);
    first.close();
    const kept = openLibraryIndex(home, '1');
    expect(kept.all()).toHaveLength(1);
    kept.close();
    const next = openLibraryIndex(home, '2');
    expect(next.all()).toEqual([]);
    next.put([file(entry('a'))]);
    next.close();
    const path = join(home, 'library.db');
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([Buffer.from('not a database'), bytes.subarray(14)]));
    const repaired = index(home, '2');
    expect(repaired.all()).toEqual([]);
    repaired.put([file(entry('b'))]);
    expect(found(repaired, 'b')).toEqual(['b']);
  });

  it('is kept in memory where it cannot be kept on disk', () => {
    const one = index(join(folder(), 'not', 'there'));
    one.put([file(entry('a'))]);
    expect(found(one, 'a')).toEqual(['a']);
  });

  it('goes from the disk when it is thrown away', () => {
    const home = folder();
    const one = openLibraryIndex(home, '1');
    one.put([file(entry('a'))]);
    one.discard();
    expect(() => readFileSync(join(home, 'library.db'))).toThrow();
  });
});
