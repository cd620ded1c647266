import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { publicKeySchema } from '../../core/approval/files.ts';
import { deriveKey, newScrypt, passphraseLogN, scryptSchema } from '../sealing/derive-key.ts';
import { keyFileUnreadable, keyPassphraseWrong, passphraseTooShort } from './failures.ts';
import { rawPublicKey } from './signature.ts';

/** The key with which the person at this machine approves the steps of others. */

const LEAST_CHARACTERS = 8;

const fileSchema = z.strictObject({
  format: z.literal('muster-approver-key-file'),
  version: z.literal(1),
  ed25519: publicKeySchema,
  scrypt: scryptSchema,
  nonce: z.base64(),
  /** The private key (PKCS #8) under AES-256-GCM, with its tag at the end. */
  sealed: z.base64(),
});
type KeyFile = z.infer<typeof fileSchema>;

const TAG_BYTES = 16;

export function approverKeyFile(home: string): string {
  return join(home, 'approver-key.json');
}

/** The public key as base64, or null where none was made. Throws `approver-key-unreadable`. */
export function ownPublicKey(home: string): string | null {
  return readKeyFile(home)?.ed25519 ?? null;
}

/**
 * Makes the key, protected by a passphrase, and returns the public part as base64. Throws
 * MusterError; a key that is there already is never written over.
 */
export async function makeApproverKey(home: string, passphrase: string): Promise<string> {
  if (passphrase.trim().length < LEAST_CHARACTERS) throw passphraseTooShort(LEAST_CHARACTERS);
  const pair = generateKeyPairSync('ed25519');
  const ed25519 = rawPublicKey(pair.publicKey).toString('base64');
  const scrypt = newScrypt(passphraseLogN);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, scrypt), nonce);
  // The public part is bound to it: nobody can put another one beside a private key.
  cipher.setAAD(Buffer.from(ed25519));
  const secret = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  const content: KeyFile = {
    format: 'muster-approver-key-file',
    version: 1,
    ed25519,
    scrypt,
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
  };
  const file = approverKeyFile(home);
  const whole = `${file}.${process.pid}.new`;
  writeFileSync(whole, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true });
  try {
    // Unlike a rename it fails where a key is: two that are made at once leave one.
    linkSync(whole, file);
  } finally {
    rmSync(whole, { force: true });
  }
  return ed25519;
}

/** Throws `approver-key-unreadable` or `approver-key-passphrase`. */
export async function openApproverKey(
  home: string,
  passphrase: string,
): Promise<{ privateKey: KeyObject; publicKey: Buffer }> {
  const file = approverKeyFile(home);
  const kept = readKeyFile(home);
  if (kept === null) throw keyFileUnreadable(file, 'There is no such file.');
  const sealed = Buffer.from(kept.sealed, 'base64');
  const key = await deriveKey(passphrase, kept.scrypt);
  let secret: Buffer;
  try {
    const nonce = Buffer.from(kept.nonce, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(kept.ed25519));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    secret = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw keyPassphraseWrong(file);
  }
  const privateKey = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: rawPublicKey(createPublicKey(privateKey)) };
}

function readKeyFile(home: string): KeyFile | null {
  const file = approverKeyFile(home);
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw keyFileUnreadable(file, String(error));
  }
}
