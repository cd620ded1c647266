import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, canonicalWithout } from './canonical.ts';

/** JSON values without -0, which JSON itself cannot tell from 0. */
const json = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('canonical', () => {
  it('sorts keys by UTF-16 code units at every depth and writes no white space', () => {
    const value = { b: [1, { z: null, a: true }], a: 'x', '€': 1, '\u{1F600}': 2, '\ufb33': 3 };
    expect(canonical(value)).toBe(
      '{"a":"x","b":[1,{"a":true,"z":null}],"€":1,"\u{1F600}":2,"\ufb33":3}',
    );
  });

  it('writes numbers and strings as RFC 8785 does', () => {
    expect(canonical([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
    expect(canonical('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    expect(canonical('\ud800')).toBe('"\\ud800"');
  });

  it('leaves out what is undefined, and the property that is omitted', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(canonicalWithout({ hash: 'x', b: { hash: 1 } }, 'hash')).toBe('{"b":{"hash":1}}');
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      () => 1,
      1n,
      undefined,
      [undefined],
    ]) {
      expect(() => canonical(value)).toThrow(TypeError);
    }
  });

  it('is read back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(value);
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inside]) => [key, reversed(inside)]),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        expect(canonical(reversed(value))).toBe(canonical(value));
      }),
    );
  });
});
