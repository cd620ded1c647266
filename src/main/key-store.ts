import { safeStorage } from 'electron';
import type { KeyStore } from '../engine/credentials/vault.ts';

/**
 * The operating system's key store, or null where there is none. On Linux without a keyring
 * Electron offers a key that is written in its own source: that hides nothing, so it does not count
 * and the vault keeps asking for its passphrase. To be asked when the app is ready.
 */
export function keyStoreOfSystem(): KeyStore | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'linux' && isPlainText(safeStorage.getSelectedStorageBackend())) {
    return null;
  }
  return {
    // It takes text alone.
    seal: (plain) => safeStorage.encryptString(plain.toString('base64')),
    open(sealed) {
      try {
        return Buffer.from(safeStorage.decryptString(sealed), 'base64');
      } catch {
        return null;
      }
    },
  };
}

function isPlainText(backend: string): boolean {
  return backend === 'basic_text' || backend === 'unknown';
}
