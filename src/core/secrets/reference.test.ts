import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSecretReference, secretReferenceSchema } from './reference.ts';
import { splitWords } from './split-words.ts';

describe('parseSecretReference', () => {
  it.each([
    ['vault:orders-db', { scheme: 'vault', entry: 'orders-db' }],
    ['vault:orders-db/password', { scheme: 'vault', entry: 'orders-db/password' }],
    ['env:DB_PASSWORD', { scheme: 'env', name: 'DB_PASSWORD' }],
    ['file:/run/secrets/a b', { scheme: 'file', path: '/run/secrets/a b' }],
    [
      'kubernetes:orders/database/POSTGRES_PASSWORD',
      { scheme: 'kubernetes', namespace: 'orders', secret: 'database', key: 'POSTGRES_PASSWORD' },
    ],
    [
      'command:op read "op://Ops/orders db/password"',
      { scheme: 'command', argv: ['op', 'read', 'op://Ops/orders db/password'] },
    ],
  ])('reads %s', (text, reference) => {
    expect(parseSecretReference(text)).toEqual({ ok: true, reference });
    expect(secretReferenceSchema.safeParse(text).success).toBe(true);
  });

  it.each([
    'hunter22',
    'vault:',
    'vault:../x',
    'vault:a/b/c',
    'env:1X',
    'env:A B',
    'file:',
    'kubernetes:orders/database',
    'kubernetes:Orders/database/x',
    'command:',
    'command:op "unclosed',
    'https://example.org',
  ])('refuses %s', (text) => {
    expect(parseSecretReference(text).ok).toBe(false);
    expect(secretReferenceSchema.safeParse(text).success).toBe(false);
  });
});

describe('splitWords', () => {
  it('knows both quotes and the backslash, and expands nothing', () => {
    expect(splitWords(` a 'b "c' "d 'e\\" \\f" g\\ h '' $(i) *`)).toEqual([
      'a',
      'b "c',
      `d 'e" \\f`,
      'g h',
      '',
      '$(i)',
      '*',
    ]);
    expect(splitWords('a \\')).toBeNull();
    expect(splitWords("'a")).toBeNull();
  });

  it('gives back any words that were quoted', () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quoted).join(' '))).toEqual(words);
      }),
    );
  });
});
