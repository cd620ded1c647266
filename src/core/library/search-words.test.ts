import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ftsQuery, marksIn, termsOf } from './search-words.ts';
import { snippetOf } from './snippet.ts';

const marked = (text: string, query: string): string[] =>
  marksIn(text, termsOf(query)).map(({ start, end }) => text.slice(start, end));

describe('the words of a query', () => {
  it('are whole but for the last, which may be begun', () => {
    expect(ftsQuery(termsOf('scale down ord'))).toBe('"scale" AND "down" AND "ord"*');
  });

  it('stay together in quotes, also without the closing one', () => {
    expect(ftsQuery(termsOf('"scale down" x'))).toBe('"scale down" AND "x"*');
    expect(ftsQuery(termsOf('x "scale down'))).toBe('"x" AND "scale down"');
  });

  it('are cut where the index cuts, and lose what is an operator there', () => {
    expect(ftsQuery(termsOf('pg_restore'))).toBe('"pg restore"*');
    expect(ftsQuery(termsOf('NEAR(a b) -c* ^d {e} col:f "'))).toBe(
      '"near a" AND "b" AND "c" AND "d" AND "e" AND "col f"*',
    );
    expect(termsOf('" - ** ()')).toEqual([]);
  });
});

describe('the marks in a text', () => {
  it('stand where words begin, regardless of case and accents', () => {
    expect(marked('Restore the Café, restored', 'restore cafe')).toEqual(['Restore', 'Café']);
    expect(marked('Restored at the Café', 'cafe restor')).toEqual(['Restor', 'Café']);
  });

  it('take a phrase across signs as one', () => {
    expect(marked('run pg_restore --clean now', 'pg_restore')).toEqual(['pg_restore']);
    expect(marked('run pg_restore --clean now', '"restore clean"')).toEqual(['restore --clean']);
    expect(marked('restore, then clean', '"restore clean"')).toEqual([]);
  });

  it('are in order, apart and inside the text, whatever is typed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, text, (body, query) => {
        let last = 0;
        for (const { start, end } of marksIn(`${body} ${query}`, termsOf(query))) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(body.length + 1 + query.length);
      }),
    );
  });

  it('survive letters that grow in lower case', () => {
    expect(marked('İstanbul and restore', 'restore')).toEqual(['restore']);
  });
});

describe('a snippet', () => {
  it('is the line with most of the words, cut at words', () => {
    const text = `restore\n${'before '.repeat(40)}restore the backup${' after'.repeat(40)}\nend`;
    const snippet = snippetOf(text, termsOf('restore backup'));
    expect(snippet?.text).toMatch(/^…before .*restore the backup after.*…$/);
    expect(snippet?.text.length).toBeLessThan(170);
    expect(snippet?.marks.map(({ start, end }) => snippet.text.slice(start, end))).toEqual([
      'restore',
      'backup',
    ]);
    expect(snippetOf('nothing', termsOf('restore'))).toBeNull();
  });
});
