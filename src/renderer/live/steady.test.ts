import { expect, it } from 'vitest';
import { steadied } from './steady.ts';

it('moves no row: what is gone stays as such, and what is new comes last', () => {
  const item = (name: string, state = 'Running') => ({ name, state });
  const before = ['a', 'b', 'c'].map((name) => ({ item: item(name), isGone: false }));
  const after = steadied(before, [item('aa'), item('b', 'Failed'), item('c')]);
  expect(after).toEqual([
    { item: item('a'), isGone: true },
    { item: item('b', 'Failed'), isGone: false },
    { item: item('c'), isGone: false },
    { item: item('aa'), isGone: false },
  ]);
  // What comes back under the same name has its place again.
  expect(steadied(after, [item('a')])[0]).toEqual({ item: item('a'), isGone: false });
});
