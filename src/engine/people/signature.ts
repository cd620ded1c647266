import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { signedText } from '../../core/approval/statement.ts';

/** What stands before the 32 bytes of an Ed25519 public key in its SPKI form (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The 32 bytes of a public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD.length);
}

/** SHA-256 (hex) of the 32 bytes of a public key. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

/** Signs a statement, given by its SHA-256, in the name of a person. Base64. */
export function signStatement(privateKey: KeyObject, sha256: string, approver: string): string {
  return sign(null, Buffer.from(signedText(sha256, approver)), privateKey).toString('base64');
}

/** False also for a key or a signature that is none. */
export function isSignedBy(
  publicKey: Uint8Array,
  sha256: string,
  approver: string,
  signature: string,
): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.concat([SPKI_HEAD, publicKey]),
      format: 'der',
      type: 'spki',
    });
    const text = Buffer.from(signedText(sha256, approver));
    return verify(null, text, key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
