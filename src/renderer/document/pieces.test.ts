import { describe, expect, it } from 'vitest';
import { piecesOf } from './pieces.ts';

describe('the pieces of a long text', () => {
  it.each([
    ['lines', 'a line of text\n'.repeat(10_000)],
    ['one line', 'x'.repeat(100_000)],
    ['empty lines', '\n'.repeat(100_000)],
    ['characters of two halves', `x${'😀'.repeat(50_000)}`],
    ['nothing', ''],
  ])('are all of it, and short: %s', (_name, text) => {
    const pieces = piecesOf(text);
    expect(pieces.join('') === text).toBe(true);
    expect(Math.max(0, ...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(16 * 1024);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });

  it('end with a line where there is one', () => {
    const pieces = piecesOf('a line of text\n'.repeat(10_000));
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  });
});
