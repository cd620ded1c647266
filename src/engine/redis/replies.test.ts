import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandBytes, NotRedis, RedisError, type Reply, ReplyReader } from './replies.ts';

function encode(reply: Reply): string {
  if (reply === null) return '$-1\r\n';
  if (reply instanceof RedisError) return `-${reply.message}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  return `*${reply.length}\r\n${reply.map(encode).join('')}`;
}

const replies = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.constant(null),
    fc.array(tie('reply'), { maxLength: 3 }),
  ),
})).reply;

describe('replies of Redis', () => {
  it('are read however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(replies, { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (all, size) => {
          const bytes = Buffer.from(all.map(encode).join(''));
          const reader = new ReplyReader();
          const read: Reply[] = [];
          for (let at = 0; at < bytes.length; at += size) {
            reader.push(bytes.subarray(at, at + size));
            for (let next = reader.next(); next !== undefined; next = reader.next())
              read.push(next);
          }
          expect(read).toEqual(all);
        },
      ),
    );
  });

  it.each([
    'HTTP/1.1 400 Bad Request\r\n',
    '$99999999999\r\n',
    '*1000000000\r\n',
    '$x\r\n',
    '*1\r\n'.repeat(12),
    `+${'x'.repeat(70_000)}`,
  ])('are refused when they are impossible', (text) => {
    const reader = new ReplyReader();
    reader.push(Buffer.from(text));
    expect(() => reader.next()).toThrow(NotRedis);
  });

  it('answer commands that nothing can break out of', () => {
    expect(commandBytes(['AUTH', 'a\r\nFLUSHALL\r\n']).toString()).toBe(
      '*2\r\n$4\r\nAUTH\r\n$13\r\na\r\nFLUSHALL\r\n\r\n',
    );
  });
});
