import { join } from 'node:path';
import { z } from 'zod';
import type { Store } from '../../store/open.ts';
import { type HeldKey, holdByAgent } from './key-agent.ts';
import { createVault, type KeyStore, type Vault } from './vault.ts';

const IDLE_KEY = 'vault.idleMs';
const USUAL_IDLE_MS = 15 * 60_000;

/** The longest that a vault may stay unlocked without use, in ms: a day. */
export const LONGEST_IDLE_MS = 24 * 60 * 60_000;
const idleSchema = z.coerce.number().int().min(1000).max(LONGEST_IDLE_MS);

/** How long an unlocked vault stays so without use, in ms. */
export function vaultIdle(store: Store): number {
  const kept = idleSchema.safeParse(store.settings.read(IDLE_KEY) ?? USUAL_IDLE_MS);
  return kept.success ? kept.data : USUAL_IDLE_MS;
}

/** Counts from the next time the vault is unlocked. `ms` is from one second to a day. */
export function setVaultIdle(store: Store, ms: number): void {
  store.settings.write(IDLE_KEY, String(idleSchema.parse(ms)));
}

/** The vault of a home, for this process and every other one at that home. */
export function openVault(
  store: Store,
  options: {
    keyStore: KeyStore | null;
    /** Null where no process can be started that keeps the vault unlocked. */
    startAgent: ((held: HeldKey) => Promise<void>) | null;
  },
): Vault {
  return createVault({
    file: join(store.home, 'vault.json'),
    keyStore: options.keyStore,
    holder: holdByAgent(store.home, options.startAgent),
    idleMs: () => vaultIdle(store),
    exclusively: store.transaction,
  });
}
