import { vaultIdle } from '../../engine/credentials/open-vault.ts';
import { keyStoreOfSystem } from '../key-store.ts';
import type { Services } from '../services.ts';
import type { HandlersOf } from './router.ts';

type VaultRequest =
  | 'vault.status'
  | 'vault.create'
  | 'vault.unlock'
  | 'vault.lock'
  | 'vault.set'
  | 'vault.remove';

/** Passphrases and values come in and never go out: the window learns names alone. */
export function vaultRequests(services: Services): HandlersOf<VaultRequest> {
  const vault = () => services.vault();
  return {
    'vault.status': async () => {
      const { state, keyStore, entries } = await vault().status();
      const opensBySystem = keyStoreOfSystem() !== null;
      return { state, keyStore, opensBySystem, entries, idleMs: vaultIdle(services.store()) };
    },
    'vault.create': ({ passphrase }) => vault().create(passphrase),
    'vault.unlock': ({ passphrase }) => vault().unlock(passphrase),
    'vault.lock': () => vault().lock(),
    'vault.set': ({ name, value }) => vault().set(name, value),
    'vault.remove': ({ name }) => vault().remove(name),
  };
}
