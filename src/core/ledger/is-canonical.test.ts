import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical.ts';
import { isCanonical } from './is-canonical.ts';

/** The same question, answered by parsing and writing again. */
function isAsWritten(text: string): boolean {
  try {
    return canonical(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

describe('isCanonical', () => {
  it('knows every canonical form', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(isCanonical(canonical(value))).toBe(true);
      }),
    );
  });

  it('agrees with parsing and writing again on anything near to it', () => {
    const near = fc
      .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2))
      .map(([value, place, more, less]) => {
        const text = canonical(value);
        const at = place % (text.length + 1);
        return text.slice(0, at) + more + text.slice(at + less);
      });
    fc.assert(
      fc.property(near, (text) => {
        expect(isCanonical(text)).toBe(isAsWritten(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    '[1,]',
    '1.0',
    '1e3',
    '-0',
    '01',
    'Infinity',
    'NaN',
    '"\\u0041"',
    '"\\/"',
    '"\\u000A"',
    '"a',
    '"a\nb"',
    '{"a"}',
    '',
    'nul',
    '[1]]',
    '"\ud800"',
  ])('refuses %j', (text) => {
    expect(isAsWritten(text)).toBe(false);
    expect(isCanonical(text)).toBe(false);
  });

  it.each([
    '{}',
    '[]',
    '-1.5e-7',
    '1e+21',
    '"\\u001b\\"\\\\\\n\\ud800é😀"',
    '{"":0,"\\n":1,"a":2}',
  ])('knows %s', (text) => {
    expect(isAsWritten(text)).toBe(true);
    expect(isCanonical(text)).toBe(true);
  });

  it('does not overflow on endless nesting', () => {
    expect(isCanonical('['.repeat(1_000_000))).toBe(false);
  });
});
