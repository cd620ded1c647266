import { describe, expect, it } from 'vitest';
import { append, blank, plain, spansOf, textOf } from './sheet.ts';

describe('append', () => {
  it('joins chunks that cut a line', () => {
    const sheet = append(append(blank, 'one\ntw'), 'o\nthree');
    expect(sheet.lines).toEqual(['one', 'two', 'three']);
    expect(sheet.size).toBe('onetwothree'.length);
  });

  it('draws a progress line over itself, as a terminal does', () => {
    expect(textOf(append(blank, '10 %\r50 %\r100 %\ndone\r\n'))).toBe('100 %\ndone\n');
    expect(textOf(append(append(blank, '10 %\r'), '20 %'))).toBe('20 %');
  });

  it('lets the oldest lines go beyond its limit and counts them', () => {
    let sheet = blank;
    for (let part = 0; part < 30; part += 1) sheet = append(sheet, `${'x'.repeat(99_999)}\n`);
    expect(sheet.size).toBeLessThanOrEqual(2_000_000);
    expect(sheet.dropped).toBeGreaterThan(0);
    expect(sheet.lines.at(-1)).toBe('');
  });

  it('keeps a line that never ends within its limit', () => {
    let sheet = blank;
    for (let part = 0; part < 30; part += 1) sheet = append(sheet, 'y'.repeat(100_000));
    expect(sheet.size).toBeLessThanOrEqual(2_000_000);
  });
});

describe('spansOf', () => {
  it('colours what is coloured and drops every other control sequence', () => {
    const spans = spansOf('\x1b[2Ka \x1b[1;31mred\x1b[0m \x1b]0;title\x07end');
    expect(spans.map((span) => [span.text, span.colour, span.strong])).toEqual([
      ['a ', null, false],
      ['red', 'red', true],
      [' ', null, false],
      ['end', null, false],
    ]);
  });

  it('agrees with the plain text', () => {
    const line = '\x1b[38;5;200mten\x1b[39m \x1b[?25lgreen\x1b[m';
    const joined = spansOf(line).map((span) => span.text);
    expect(joined.join('')).toBe(plain(line));
  });
});
