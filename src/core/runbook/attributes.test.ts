import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenceAttributes, headingAttributes } from './attributes.ts';

function pairs(info: string): [string, string | null][] {
  return fenceAttributes(info, 1, 1).attributes.map(({ key, value }) => [key, value]);
}

describe('fenceAttributes', () => {
  it('reads keys, values in quotes, flags and repeated keys with their columns', () => {
    const list = fenceAttributes(
      'bash {id=load capture="A=/\\d+ \\"x\\"/" capture=B interactive}',
      7,
      4,
    );
    expect(list.before).toBe('bash');
    expect(list.fault).toBeNull();
    expect(list.attributes).toEqual([
      { key: 'id', value: 'load', place: { line: 7, column: 10 } },
      { key: 'capture', value: 'A=/\\d+ "x"/', place: { line: 7, column: 18 } },
      { key: 'capture', value: 'B', place: { line: 7, column: 42 } },
      { key: 'interactive', value: null, place: { line: 7, column: 52 } },
    ]);
  });

  it("reads both of Runme's spellings", () => {
    const expected = [
      ['name', 'load'],
      ['interactive', 'false'],
    ];
    expect(pairs('sh { name=load interactive=false }')).toEqual(expected);
    expect(pairs('sh {"name":"load","interactive":"false"}')).toEqual(expected);
    expect(pairs('sh {"interactive":false}')).toEqual([['interactive', 'false']]);
  });

  it('says where braces cannot be read', () => {
    expect(fenceAttributes('bash {id=x', 3, 1).fault?.place).toEqual({ line: 3, column: 11 });
    expect(fenceAttributes('bash {id="x}', 3, 1).fault?.message).toContain('does not end');
    expect(fenceAttributes('bash {=x}', 3, 1).fault?.place.column).toBe(7);
    expect(fenceAttributes('bash {id=x} y', 3, 1).fault).not.toBeNull();
    expect(fenceAttributes('bash {"a":}', 3, 1).fault).not.toBeNull();
  });

  it('is total', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', '"', '=', 'a', ' ', '\\', ',', "'") });
    fc.assert(
      fc.property(text, (info) => {
        fenceAttributes(info, 1, 1);
        headingAttributes(info, 1, 1);
      }),
    );
  });
});

describe('headingAttributes', () => {
  it('takes the braces at the end and leaves the others', () => {
    expect(headingAttributes('Set {x} now {id=a if="b in [1]"}', 1, 4)).toMatchObject({
      before: 'Set {x} now',
      attributes: [{ key: 'id' }, { key: 'if', value: 'b in [1]' }],
    });
    expect(headingAttributes('Set {x} now', 1, 4)).toBeNull();
    expect(headingAttributes('Set $' + '{x}', 1, 4)).toBeNull();
    expect(headingAttributes('Install {#setup .wide}', 1, 4)?.attributes[0]).toMatchObject({
      key: 'id',
      value: 'setup',
    });
  });
});
