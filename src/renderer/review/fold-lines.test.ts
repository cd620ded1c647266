import { expect, test } from 'vitest';
import { diffLines } from '../../core/review/line-diff.ts';
import { piecesOf } from './fold-lines.ts';

test('lines far from a change are folded, and none is lost', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.map((line, index) => (index === 10 ? 'other' : line));
  const lines = diffLines({ start: 1, lines: before }, { start: 1, lines: after });
  const pieces = piecesOf(lines);
  expect(pieces.map(({ folded, lines }) => [folded, lines.length])).toEqual([
    [true, 7],
    [false, 8],
    [true, 6],
  ]);
  expect(pieces.flatMap((piece) => piece.lines)).toEqual(lines);
});
