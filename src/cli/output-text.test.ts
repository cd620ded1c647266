import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, heldMark } from '../core/ledger/redact.ts';
import type { OutputChunk } from '../engine/api.ts';
import { createOutputText } from './output-text.ts';

function chunk(at: number, text: string, ahead = '', other: Partial<OutputChunk> = {}) {
  const bytes = Buffer.byteLength(text);
  return {
    run: 'r',
    step: 's',
    attempt: 1,
    stream: 'out' as const,
    at,
    bytes,
    text,
    ahead,
    ...other,
  };
}

describe('output on a terminal', () => {
  it('prints what stands ahead at once, and once', () => {
    const text = createOutputText();
    expect(text(chunk(0, 'port 80', '80\n'))).toBe('port 8080\n');
    expect(text(chunk(7, '80\nmore\n'))).toBe('more\n');
    expect(text(chunk(15, 'port 80', '80\n'))).toBe('port 8080\n');
    expect(text(chunk(22, '', heldMark))).toBe('');
    expect(text(chunk(22, '•••\n'))).toBe('•••\n');
  });

  it('tells streams, attempts and what was missed apart', () => {
    const text = createOutputText();
    expect(text(chunk(0, 'a', 's'))).toBe('as');
    expect(text(chunk(1, 'stop\n', '', { stream: 'err' }))).toBe('stop\n');
    expect(text(chunk(6, 'sure\n', 't'))).toBe('ure\nt');
    expect(text(chunk(0, 'top\n', '', { attempt: 2 }))).toBe('top\n');
    expect(text(chunk(5_004, 'end\n', '', { attempt: 2 }))).toBe(
      '\n[5 kB are not shown here]\nend\n',
    );
  });

  it('prints the same as the record has, but for the first two letters before a mark', () => {
    const letter = fc.constantFrom('a', 'b', 'c', '\n');
    const pieces = fc.array(fc.string({ unit: letter, maxLength: 5 }), { maxLength: 12 });
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 9 });
    fc.assert(
      fc.property(secret, pieces, (given, all) => {
        const redactor = createRedactor([given]);
        const text = createOutputText();
        let at = 0;
        let record = '';
        let printed = '';
        const take = (safe: Uint8Array): void => {
          const decoded = Buffer.from(safe).toString();
          printed += text(chunk(at, decoded, redactor.ahead));
          at += safe.length;
          record += decoded;
        };
        for (const piece of all) take(redactor.push(Buffer.from(piece)));
        take(redactor.flush());
        const dense = (of: string): string => of.replaceAll('\n', '');
        const expected = dense(record).split('•••').join('(?:[abc]{1,2})?•••');
        expect(dense(printed)).toMatch(new RegExp(`^${expected}$`));
      }),
    );
  });
});
