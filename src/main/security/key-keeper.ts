import { safeStorage } from 'electron';
import type { KeyKeeper } from '../../engine/keys/signing-key.ts';

/**
 * The operating system's key store. Null where there is none, and where what stands in for one
 * keeps its secret in plain text, as on a Linux desktop without a keyring: a file that only the
 * operator can read is as safe and does not pretend.
 */
export function systemKeyKeeper(): KeyKeeper | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
    return null;
  }
  return {
    seal: (secret) => safeStorage.encryptString(secret),
    open(sealed) {
      try {
        return safeStorage.decryptString(Buffer.from(sealed));
      } catch {
        return null;
      }
    },
  };
}
