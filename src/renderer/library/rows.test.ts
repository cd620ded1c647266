import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../core/library/entry.ts';
import { noFilters } from '../../core/library/filters.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';
import { facetsOf } from './facets.ts';
import { foundRows, rowsOf } from './rows.ts';

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

const group = (source: LibraryGroup['source'], ...entries: LibraryEntry[]): LibraryGroup => ({
  ...{ source, path: source, name: source, entries, unread: 0, problems: [] },
});

const shown = (...of: Parameters<typeof rowsOf>): string[] =>
  rowsOf(...of).map((row) => (row.kind === 'entry' ? row.entry.title : row.key));

describe('the rows of the library', () => {
  const groups = [
    group('pinned', entry('z'), entry('a')),
    group('recent'),
    group('folder', entry('b 9', { system: 's' }), entry('b 10', { steps: 3 })),
    group('bundled'),
  ];

  it('sort folders as asked, keep the order of pins, and leave out lists without a heading of their own', () => {
    expect(shown(groups, noFilters, 'title')).toEqual([
      ...['pinned:pinned', 'z', 'a'],
      ...['folder:folder', 'b 9', 'b 10'],
      'bundled:bundled',
    ]);
    expect(shown(groups, noFilters, 'steps').slice(3, 6)).toEqual([
      ...['folder:folder', 'b 10', 'b 9'],
    ]);
  });

  it('leave out the groups in which nothing passes', () => {
    expect(shown(groups, { ...noFilters, system: 's' }, 'title')).toEqual(['folder:folder', 'b 9']);
  });

  it('put the places of a hit below it, and say what is not shown', () => {
    const place = { step: 's', line: 4, title: { text: 't', marks: [] }, snippet: null };
    const hit = {
      ...{ entry: entry('a'), title: { text: 'a', marks: [] } },
      ...{ places: [place], morePlaces: 2 },
    };
    const found = { query: 'a', hits: [hit], more: true, notes: [], moreNotes: false };
    const kinds = (of: typeof found) => foundRows(of).map(({ kind }) => kind);
    expect(kinds(found)).toEqual(['entry', 'place', 'more', 'more']);
    const all = { ...found, hits: [{ ...hit, morePlaces: 0 }], more: false };
    expect(kinds(all)).toEqual(['entry', 'place']);
  });

  it('put the notes below the runbooks, with a way down to them', () => {
    const hit = {
      ...{ entry: entry('a'), title: { text: 'a', marks: [] } },
      ...{ places: [], morePlaces: 0 },
    };
    const note = {
      ...{ run: 'r', seq: 2, title: 't', step: null, at: '2026-01-01T00:00:00.000Z', by: 'ada' },
      text: { text: 'a', marks: [] },
    };
    const found = { query: 'a', hits: [hit], more: false, notes: [note], moreNotes: true };
    expect(foundRows(found)).toMatchObject([
      { kind: 'notes', text: 'Also the newest 1 notes of runs' },
      { kind: 'entry' },
      { kind: 'heading' },
      { kind: 'note' },
      { kind: 'more' },
    ]);
    const alone = foundRows({ ...found, hits: [], moreNotes: false });
    expect(alone.map(({ kind }) => kind)).toEqual(['heading', 'note']);
  });
});

describe('the filters that are offered', () => {
  it('are those that tell runbooks apart, and those that are set', () => {
    const groups = [
      group(
        'folder',
        entry('a', { system: 'one', risk: 'destructive', tools: ['psql'] }),
        entry('b', { system: 'two', review: 'overdue' }),
      ),
    ];
    const names = (filters = noFilters) => facetsOf(groups, filters).map(({ name }) => name);
    expect(names()).toEqual(['system', 'risk', 'tool', 'review']);
    expect(names({ ...noFilters, kind: 'gone' })).toContain('kind');
    expect(facetsOf(groups, noFilters)[1]?.options.map(({ value }) => value)).toEqual([
      'safe',
      'destructive',
    ]);
  });
});
