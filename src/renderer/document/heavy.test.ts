import { expect, it } from 'vitest';
import { isHeavy } from './heavy.ts';

it.each(['1. ', '- ', '>', '> - '])('%j a thousand times on a line is heavy', (mark) => {
  expect(isHeavy(`Some prose.\n\n${mark.repeat(1_000)}`)).toBe(true);
});

it.each([
  '- a\n- b\n  - c\n',
  '> a quote\n> > in a quote\n',
  `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(200)}`,
  `A heading\n${'-'.repeat(200)}\n`,
  '- - - - -\n',
])('what people write is not: %j', (markdown) => {
  expect(isHeavy(markdown)).toBe(false);
});

it('a text that is longer than prose is heavy', () => {
  expect(isHeavy('word '.repeat(10_000))).toBe(true);
});
