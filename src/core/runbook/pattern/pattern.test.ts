import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternFault, readRegularExpression } from './pattern.ts';

function exec(source: string, text: string, lines = false) {
  const result = readRegularExpression(source, { lines });
  if (!result.ok) throw new Error(`${source}: ${result.message}`);
  return result.pattern.exec(text);
}

const leaf = fc.constantFrom(
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\S',
  '[ab]',
  '[^a]',
  '[a-b\\d-]',
  '\\b',
  '^',
  '$',
  'ab',
  '1',
  '()',
);
/** `round`: what each round of a repeat begins with. */
const trees = (round: string) =>
  fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map((parts) => parts.join('')),
      fc.tuple(tie('tree'), tie('tree')).map(([left, right]) => `(${left}|${right})`),
      fc
        .tuple(
          tie('tree'),
          fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,}?', '{2,}'),
        )
        .map(([inner, sign]) => `(?:${round}${inner})${sign}`),
      tie('tree').map((inner) => `(${inner})`),
    ),
  })).tree;
const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '\n', '-'), maxLength: 8 });
const numRuns = Number(process.env.MUSTER_FUZZ ?? 3000);

describe('patterns of runbooks', () => {
  it('find what JavaScript finds', () => {
    fc.assert(
      fc.property(trees('.'), text, fc.boolean(), (source, value, lines) => {
        const expected = new RegExp(source, lines ? 'm' : '').exec(value);
        expect(exec(source, value, lines)).toEqual(expected === null ? null : [...expected]);
      }),
      { numRuns },
    );
  });

  it('match what JavaScript matches where rounds of a repeat may be empty', () => {
    fc.assert(
      fc.property(trees(''), text, fc.boolean(), (source, value, lines) => {
        const expected = new RegExp(source, lines ? 'm' : '').exec(value);
        expect(exec(source, value, lines) === null).toBe(expected === null);
      }),
      { numRuns },
    );
  });

  it.each([
    ['^(latest|\\d{8})$', '20260329'],
    ['^\\d{1,3}(\\.\\d{1,3}){3}$', '10.0.0.1'],
    ['^[a-z]+(?:-[a-z]+)*$', 'eu-west-one'],
    ['rows[:=] *(?<rows>\\d+)', 'took 3 s, rows= 1204, done'],
    ['a{,2}x{', 'a{,2}x{'],
    ['[\\]\\-x]+\\x41\\u0042\\t[\\b]?', ']-xAB\t'],
    ['<(.*?)>', 'say <NAME> and <OTHER>'],
    ['[]|[^]', '\n'],
  ])('read %s', (source, text) => {
    const expected = new RegExp(source).exec(text);
    expect(exec(source, text)).toEqual(expected === null ? null : [...expected]);
  });

  it.each([
    '(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(a*)*b',
    '(.*a){12}$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x+x+)+y',
    '^(\\w|\\d|a)*$',
    '(a?){40}a{40}b',
    '.*.*.*.*=.*;',
    '\\s+\\s+\\s+$',
    '(?:a|b|ab)*c',
    '([^@]+)*@',
  ])('keep nobody waiting: %s', { timeout: 10_000 }, (source) => {
    exec(source, `${'a'.repeat(20_000)}!`);
    exec(source, `${'ab x '.repeat(4000)}!`);
    exec(source, `${' '.repeat(20_000)}!`);
  });

  it('say what they cannot be', () => {
    expect(patternFault('(')).toMatch(/Unterminated group/);
    expect(patternFault('(?=a)')).toMatch(/looks ahead/);
    expect(patternFault('(?<!a)b')).toMatch(/looks ahead or behind/);
    expect(patternFault('(a)\\1')).toMatch(/refers back/);
    expect(patternFault('(?<n>a)\\k<n>')).toMatch(/refers back/);
    expect(patternFault('((a{1000}){1000}){1000}')).toMatch(/repeats too much/);
    expect(patternFault('(?:){99999999}')).toMatch(/repeats too much/);
    expect(patternFault('a'.repeat(1001))).toMatch(/longer than/);
    expect(patternFault('^ok$')).toBeNull();
  });
});
