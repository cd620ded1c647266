import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnswerOfRange, parseAnswerHead } from './answer-head.ts';

const RANGE = [
  'HTTP/1.1 206 Partial Content',
  'Content-Length: 100',
  'Content-Range: bytes 50-149/1000',
  'ETag: "abc"',
];

const isRange = (lines: string[], from = 50, to = 150): boolean => {
  const head = parseAnswerHead(lines.join('\r\n'));
  return head !== null && isAnswerOfRange(head, from, to);
};

describe('the head of an answer', () => {
  it('has a status and headers', () => {
    const head = parseAnswerHead('HTTP/1.1 404 Not Found\r\nDate:  now \r\nX-Empty:');
    expect(head?.status).toBe(404);
    expect([...(head?.headers ?? [])]).toEqual([
      ['date', 'now'],
      ['x-empty', ''],
    ]);
    expect(parseAnswerHead('HTTP/1.1 206')?.status).toBe(206);
  });

  it.each([
    ['another version', 'HTTP/1.0 206 Partial Content'],
    ['no status', 'HTTP/1.1 Partial Content'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c: d'],
    ['a header twice', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 2'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 1'],
    ['a bare line feed', 'HTTP/1.1 200 OK\r\nA: b\nContent-Length: 1'],
    ['something else', 'SSH-2.0-OpenSSH_9.2'],
    ['nothing', ''],
  ])('is not read where there is %s', (_, text) => {
    expect(parseAnswerHead(text)).toBeNull();
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseAnswerHead(text)));
    const lines = fc.array(fc.string({ unit: 'binary-ascii' }));
    fc.assert(
      fc.property(lines, (rest) => {
        const head = parseAnswerHead(['HTTP/1.1 206 Partial Content', ...rest].join('\r\n'));
        for (const [name, value] of head?.headers ?? []) expect(name + value).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('an answer of a range', () => {
  it('has just its bytes', () => {
    expect(isRange(RANGE)).toBe(true);
    expect(isRange(RANGE, 50, 151)).toBe(false);
    expect(isRange(RANGE, 49, 149)).toBe(false);
    expect(isRange(RANGE, 5, 105)).toBe(false);
  });

  it.each([
    ['the whole object', ['HTTP/1.1 200 OK', 'Content-Length: 100']],
    ['pieces', [...RANGE.slice(0, 1), 'Transfer-Encoding: chunked', ...RANGE.slice(1)]],
    ['no length', RANGE.filter((line) => !line.startsWith('Content-Length'))],
    ['no range', RANGE.filter((line) => !line.startsWith('Content-Range'))],
    ['an error', ['HTTP/1.1 503 Slow Down', ...RANGE.slice(1)]],
  ])('is not %s', (_, lines) => {
    expect(isRange(lines)).toBe(false);
  });
});
