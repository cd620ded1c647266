import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

/** AES-256-GCM, all parts in base64. */
export const sealedSchema = z.object({ nonce: z.base64(), data: z.base64() });
export type Sealed = z.infer<typeof sealedSchema>;

/** The data key sealed with a passphrase, and how the passphrase becomes a key. */
export const passphraseSealSchema = sealedSchema.extend({
  salt: z.base64(),
  /** scrypt's N, a power of two; r is 8 and p is 1. Bounded, because the file may be another's. */
  cost: z
    .number()
    .int()
    .min(2 ** 10)
    .max(2 ** 20),
});
export type PassphraseSeal = z.infer<typeof passphraseSealSchema>;

/** 128 MB and about half a second for each guess. */
export const USUAL_COST = 2 ** 17;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** `about` is bound to the result: it opens only with the same. */
export function seal(key: Buffer, about: string, plain: Buffer): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const data = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), data: data.toString('base64') };
}

/** Null when the key is another, or one bit was changed. */
export function unseal(key: Buffer, about: string, sealed: Sealed): Buffer | null {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const data = Buffer.from(sealed.data, 'base64');
  if (nonce.length !== NONCE_BYTES || data.length < TAG_BYTES) return null;
  const end = data.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about)).setAuthTag(data.subarray(end));
  try {
    return Buffer.concat([decipher.update(data.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}

export async function sealWithPassphrase(
  passphrase: string,
  about: string,
  dataKey: Buffer,
  cost: number,
): Promise<PassphraseSeal> {
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt, cost);
  return { ...seal(key, about, dataKey), salt: salt.toString('base64'), cost };
}

export async function unsealWithPassphrase(
  passphrase: string,
  about: string,
  sealed: PassphraseSeal,
): Promise<Buffer | null> {
  const key = await derive(passphrase, Buffer.from(sealed.salt, 'base64'), sealed.cost);
  return unseal(key, about, sealed);
}

function derive(passphrase: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options = { N: cost, r: 8, p: 1, maxmem: 256 * 8 * cost };
  return new Promise((resolve, reject) => {
    // The same passphrase may be typed in composed or decomposed characters.
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
