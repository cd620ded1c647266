import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../run/events.ts';
import { evaluate, namesIn, parseExpression } from './expression.ts';

function holds(text: string, values: Record<string, Value> = {}): boolean {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(`${result.column}: ${result.message}`);
  return evaluate(result.expression, values);
}

describe('evaluate', () => {
  it.each<[string, Record<string, Value>, boolean]>([
    ["backup == 'latest'", { backup: 'latest' }, true],
    ['backup != "latest"', { backup: '20260101' }, true],
    ['ROWS > 10', { ROWS: '12' }, true],
    ['ROWS > 9', { ROWS: '10' }, true],
    ['A < B', { A: '9', B: '10' }, true],
    ["day >= '2026-02-01'", { day: '2026-03-01' }, true],
    ['a == 1', { a: '1.0' }, true],
    ['go-on', { 'go-on': 'yes' }, true],
    ['go-on', { 'go-on': 'no' }, false],
    ['not go-on', { 'go-on': false }, true],
    ['!a || b', { a: true, b: true }, true],
    ['a and b or c', { a: true, b: false, c: true }, true],
    ['a and (b or c)', { a: false, b: false, c: true }, false],
    ["region in ['eu', 'us']", { region: 'us' }, true],
    ['n in [1, 2]', { n: '3' }, false],
    ['a == true', { a: 'true' }, true],
    ['a < true', { a: true }, false],
    ['-1 < 0', {}, true],
  ])('%s with %j is %s', (text, values, expected) => expect(holds(text, values)).toBe(expected));

  it('takes every comparison with a name that has no value as false', () => {
    for (const text of ['x == 1', 'x != 1', 'x < 1', 'x in [1]', 'x'])
      expect(holds(text)).toBe(false);
    expect(holds('not x')).toBe(true);
    expect(holds('toString == 1')).toBe(false);
    expect(holds('constructor')).toBe(false);
  });
});

describe('parseExpression', () => {
  it.each([
    ['a = 1', 3],
    ['a ==', 5],
    ['(a', 3],
    ['a b', 3],
    ["a == 'x", 6],
    ['', 1],
    ['a in b', 6],
    ['a in [b]', 7],
    ['a == 1 == 2', 8],
    ['€', 1],
  ])('refuses %j at column %d', (text, column) => {
    expect(parseExpression(text)).toMatchObject({ ok: false, column });
  });

  it('bounds depth and length', () => {
    expect(parseExpression(`${'('.repeat(900)}a${')'.repeat(900)}`).ok).toBe(false);
    expect(parseExpression(`${'not '.repeat(400)}a`).ok).toBe(false);
    expect(parseExpression(`${'a or '.repeat(1000)}a`).ok).toBe(false);
  });

  it('names what it reads', () => {
    const result = parseExpression('a-b == 1 and not c');
    expect(result.ok && namesIn(result.expression)).toEqual([
      { name: 'a-b', column: 1 },
      { name: 'c', column: 18 },
    ]);
  });

  it('is total, and so is evaluating what it accepts', () => {
    const word = fc.constantFrom(
      'a',
      '1',
      '"x"',
      '(',
      ')',
      'and',
      'or',
      'not',
      '==',
      '<',
      'in',
      '[',
      ']',
      ',',
      '!',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean());
    fc.assert(
      fc.property(text, fc.dictionary(fc.constantFrom('a', 'b'), value), (source, values) => {
        const result = parseExpression(source);
        if (result.ok) expect(typeof evaluate(result.expression, values)).toBe('boolean');
        else expect(result.column).toBeGreaterThan(0);
      }),
    );
  });
});
