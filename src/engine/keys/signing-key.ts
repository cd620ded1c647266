import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the operating system's key store does, where there is one. */
export interface KeyKeeper {
  seal(secret: string): Uint8Array;
  /** Null when it was sealed by another key store, or the store cannot be opened now. */
  open(sealed: Uint8Array): string | null;
}

/** The public part of a machine's key, and how the private part lies. */
export interface PublicKey {
  /** Raw, 32 bytes, base64: as it stands in signed heads. */
  key: string;
  /** SHA-256 of the raw key, lower-case hex. */
  fingerprint: string;
  pem: string;
  /** `system`: sealed by the operating system's key store. `file`: a file of mode 0600. */
  protection: 'system' | 'file';
}

export interface SigningKey extends PublicKey {
  /** Signature of the UTF-8 form of `text`, base64. */
  sign(text: string): string;
}

/**
 * The key that signs the heads of this home, made when there is none. Null where this process
 * cannot open it: a key that is sealed by the system's key store is for the app alone.
 */
export function openSigningKey(home: string, keeper: KeyKeeper | null): SigningKey | null {
  const known = readPublicKey(home) ?? makeKey(home, keeper);
  const pem = readPrivate(home, known.protection, keeper);
  if (pem === null) return null;
  const secret = createPrivateKey(pem);
  return {
    ...known,
    sign: (text) => sign(null, Buffer.from(text), secret).toString('base64'),
  };
}

/** The public key of this home, or null while there is none. */
export function readPublicKey(home: string): PublicKey | null {
  const pem = contentOf(join(folderOf(home), 'public.pem'));
  if (pem === null) return null;
  const isSealed = contentOf(join(folderOf(home), 'private.sealed')) !== null;
  return described(createPublicKey(pem), isSealed ? 'system' : 'file');
}

/** Whether `signature` (base64) is of `text` and of the raw public key `key` (base64). */
export function isSignedBy(key: string, signature: string, text: string): boolean {
  try {
    const x = Buffer.from(key, 'base64').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    // Not a key at all.
    return false;
  }
}

/** SHA-256 of a raw public key that is given in base64. */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex');
}

function described(publicKey: KeyObject, protection: PublicKey['protection']): PublicKey {
  const { x } = publicKey.export({ format: 'jwk' });
  const key = Buffer.from(x ?? '', 'base64url').toString('base64');
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return { key, fingerprint: fingerprintOf(key), pem, protection };
}

function folderOf(home: string): string {
  return join(home, 'keys');
}

/** Both parts come to be with one rename, so that of two processes one makes the key. */
function makeKey(home: string, keeper: KeyKeeper | null): PublicKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const made = `${folderOf(home)}-${process.pid}`;
  mkdirSync(made, { recursive: true, mode: 0o700 });
  const put = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(made, name), content, { mode: 0o600, flush: true });
  put('public.pem', publicKey.export({ format: 'pem', type: 'spki' }).toString());
  if (keeper) put('private.sealed', keeper.seal(pem));
  else put('private.pem', pem);
  try {
    renameSync(made, folderOf(home));
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const first = readPublicKey(home);
    if (first) return first;
    throw error;
  }
  return described(publicKey, keeper ? 'system' : 'file');
}

function readPrivate(
  home: string,
  protection: PublicKey['protection'],
  keeper: KeyKeeper | null,
): string | null {
  if (protection === 'file') {
    return contentOf(join(folderOf(home), 'private.pem'))?.toString('utf8') ?? null;
  }
  const sealed = contentOf(join(folderOf(home), 'private.sealed'));
  return sealed && keeper ? keeper.open(sealed) : null;
}

function contentOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
