import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DumpReader } from './dump-reader.ts';

const END = '--\n-- PostgreSQL database dump complete\n--\n\n';
const whole = `--
-- PostgreSQL database dump
--
\\restrict abcDEF123
SET standard_conforming_strings = on;
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $_$ select '\\!'; $_$;
COPY public.orders (id, "from stdin;") FROM stdin;
\\N\t\\\\! rm
\\! is data
\\.
INSERT INTO t VALUES ('a line
\\! of a text');
\\unrestrict abcDEF123
${END}`;

function read(text: string, cuts: readonly number[] = []): DumpReader {
  const reader = new DumpReader();
  let from = 0;
  for (const cut of [...cuts, text.length].sort((a, b) => a - b)) {
    reader.push(text.slice(from, cut));
    from = Math.max(from, cut);
  }
  return reader;
}

describe('plain dumps', () => {
  it('are read to their end however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const reader = read(whole, cuts);
        expect(reader.command).toBeNull();
        expect(reader.isComplete()).toBe(true);
      }),
    );
  });

  it.each([
    '\\! touch /tmp/x',
    '\\connect other',
    "select 1; \\copy t from program 'id'",
    'COPY t FROM stdin;\n1\n\\.\n\\! id',
    '\\restrict a; \\! id',
  ])('may not command psql: %s', (text) => {
    expect(read(`${text}\n${END}`).command).toMatch(/^\\/);
  });

  it('are not whole when they break off', () => {
    expect(read(whole.slice(0, -60)).isComplete()).toBe(false);
    expect(read(`COPY t FROM stdin;\n${END}`).isComplete()).toBe(false);
  });
});
