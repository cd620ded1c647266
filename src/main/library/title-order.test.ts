import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../core/library/entry.ts';
import { titleOrder } from './title-order.ts';

const entry = (title: string, path = `/${title}.md`): LibraryEntry => ({
  ...{ path, title, format: 'muster', kind: null, system: null, owner: null, steps: 1 },
  ...{ unreviewed: 0, errors: 0, risk: 'safe', tools: [], range: null },
  ...{ modifiedAt: '2026-01-01T00:00:00.000Z', review: 'never', reviewDue: null },
});
const titles = (entries: LibraryEntry[]): string[] => entries.map(({ title }) => title);

describe('runbooks by title', () => {
  it('are sorted as people do, also a second time, and with new and renamed ones', () => {
    const order = titleOrder();
    const nodes = [entry('node 10'), entry('Node 9'), entry('archive'), entry('Übergabe')];
    expect(titles(order(nodes))).toEqual(['archive', 'Node 9', 'node 10', 'Übergabe']);
    expect(titles(order(nodes.toReversed()))).toEqual(['archive', 'Node 9', 'node 10', 'Übergabe']);
    const renamed = [entry('zoo', '/archive.md'), entry('node 9b'), ...nodes.slice(0, 2)];
    expect(titles(order(renamed))).toEqual(['Node 9', 'node 9b', 'node 10', 'zoo']);
  });

  it('are sorted by their file where they have no title, and the list itself is left alone', () => {
    const list = [entry('b'), entry('', '/somewhere/a.md')];
    expect(titleOrder()(list).map(({ path }) => path)).toEqual(['/somewhere/a.md', '/b.md']);
    expect(titles(list)).toEqual(['b', '']);
  });
});
