import { randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

/**
 * How a key was made from words that a person knows. Bounded, because it is read from files of
 * others: no file may ask for more than 256 MB of memory or some seconds of work.
 */
export const scryptSchema = z.strictObject({
  name: z.literal('scrypt'),
  /** Binary logarithm of the cost. */
  logN: z.number().int().min(14).max(18),
  r: z.literal(8),
  p: z.number().int().min(1).max(4),
  /** 16 bytes as base64. */
  salt: z.string().regex(/^[A-Za-z0-9+/]{22}==$/),
});
export type Scrypt = z.infer<typeof scryptSchema>;

/** For a passphrase that protects a file; 128 MB and about half a second. */
export const passphraseLogN = 17;
/** For a PIN, which the limit on tries protects as well; 32 MB. */
export const pinLogN = 15;

export function newScrypt(logN: number): Scrypt {
  return { name: 'scrypt', logN, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
}

/** 32 bytes. The words count as they are read: composed, and without white space at the ends. */
export function deriveKey(words: string, { logN, r, p, salt }: Scrypt): Promise<Buffer> {
  const N = 2 ** logN;
  const cost = { N, r, p, maxmem: 128 * N * r + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(words.normalize('NFKC').trim(), Buffer.from(salt, 'base64'), 32, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
