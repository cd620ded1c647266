import { randomBytes } from 'node:crypto';
import { secretProblem } from '../../core/ledger/redact.ts';
import { MusterError } from '../../core/problem.ts';
import { vaultEntry } from '../../core/secrets/reference.ts';
import * as failures from './failures.ts';
import type { KeyHolder } from './key-holder.ts';
import {
  newDataKey,
  seal,
  sealWithPassphrase,
  USUAL_COST,
  unseal,
  unsealWithPassphrase,
} from './vault-crypto.ts';
import { readVault, type VaultFile, vaultEntrySchema, writeVault } from './vault-file.ts';

/** The operating system's key store, where it is a real one. */
export interface KeyStore {
  seal(plain: Buffer): Buffer;
  /** Null when it cannot: another user, another machine, a key store that was reset. */
  open(sealed: Buffer): Buffer | null;
}

export interface VaultOptions {
  /** `vault.json` in Muster's home. */
  file: string;
  /** Null on the command line, and where the platform has plain text only. */
  keyStore: KeyStore | null;
  holder: KeyHolder;
  /** How long an unlocked vault stays so without use, in ms. */
  idleMs(): number;
  /** Runs `work` while no other process changes the vault. */
  exclusively<T>(work: () => T): T;
  /** scrypt's cost for new passphrases; a power of two. */
  cost?: number;
}

export interface VaultStatus {
  state: 'missing' | 'locked' | 'unlocked';
  /** Whether this user's key store opens it without a passphrase. */
  keyStore: boolean;
  entries: { name: string; changedAt: string | null }[];
}

/**
 * Secrets of the operator in one encrypted file. Reads the file anew for each request, so that any
 * number of processes may use it at once. All methods throw MusterError.
 */
export interface Vault {
  status(): Promise<VaultStatus>;
  /** Makes an empty one and leaves it unlocked. */
  create(passphrase: string): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  lock(): Promise<void>;
  changePassphrase(before: string, next: string): Promise<void>;
  read(entry: string): Promise<string>;
  set(entry: string, value: string): Promise<void>;
  remove(entry: string): Promise<void>;
}

/** The shortest passphrase, in characters. */
export const shortestPassphrase = 8;

export function createVault(options: VaultOptions): Vault {
  const { file, keyStore, holder, idleMs, exclusively, cost = USUAL_COST } = options;

  const existing = (): VaultFile => {
    const vault = readVault(file);
    if (!vault) throw failures.vaultMissing();
    return vault;
  };

  /** Changes the file as it is now, if it still is the vault that `id` names. */
  const change = (id: string, edit: (vault: VaultFile) => VaultFile): void =>
    exclusively(() => {
      const vault = existing();
      if (vault.id !== id) throw failures.vaultLocked();
      writeVault(file, edit(vault));
    });

  const keyFromStore = ({ id, seals }: VaultFile): Buffer | null => {
    if (!keyStore || seals.keyStore === null) return null;
    const opened = keyStore.open(Buffer.from(seals.keyStore, 'base64'));
    // What is sealed there says whose key it is, so that no other vault's is taken for it.
    if (opened?.subarray(0, id.length).toString('latin1') !== id) return null;
    return opened.subarray(id.length);
  };

  const keyOf = async (vault: VaultFile): Promise<Buffer | null> => {
    const fromStore = keyFromStore(vault);
    if (fromStore) return fromStore;
    const held = await holder.get(vault.id);
    if (held && keyStore) entrust(vault.id, held, keyStore);
    return held;
  };

  /** From now on the key store opens the vault without a passphrase. */
  const entrust = (id: string, key: Buffer, store: KeyStore): void => {
    const sealed = store.seal(Buffer.concat([Buffer.from(id, 'latin1'), key]));
    change(id, (vault) => ({
      ...vault,
      seals: { ...vault.seals, keyStore: sealed.toString('base64') },
    }));
  };

  const unlocked = async (): Promise<{ vault: VaultFile; key: Buffer }> => {
    const vault = existing();
    const key = await keyOf(vault);
    if (!key) throw failures.vaultLocked();
    return { vault, key };
  };

  const keyBehind = async (vault: VaultFile, passphrase: string): Promise<Buffer> => {
    const key = await unsealWithPassphrase(passphrase, sealOf(vault.id), vault.seals.passphrase);
    if (!key) throw failures.passphraseWrong();
    return key;
  };

  return {
    async status() {
      const vault = readVault(file);
      if (!vault) return { state: 'missing', keyStore: false, entries: [] };
      const state = (await keyOf(vault)) ? 'unlocked' : 'locked';
      const entries = Object.entries(vault.entries).map(([name, entry]) => {
        const parsed = vaultEntrySchema.safeParse(entry);
        return { name, changedAt: parsed.success ? parsed.data.changedAt : null };
      });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { state, keyStore: keyFromStore(vault) !== null, entries };
    },

    async create(passphrase) {
      checkPassphrase(passphrase);
      if (readVault(file)) throw failures.vaultExists();
      const id = randomBytes(16).toString('hex');
      const key = newDataKey();
      const sealed = await sealWithPassphrase(passphrase, sealOf(id), key, cost);
      exclusively(() => {
        // Another process may have been faster while the passphrase became a key.
        if (readVault(file)) throw failures.vaultExists();
        const seals = { passphrase: sealed, keyStore: null };
        writeVault(file, { format: 1, id, seals, entries: {} });
      });
      await holder.hold(id, key, idleMs());
    },

    async unlock(passphrase) {
      const vault = existing();
      await holder.hold(vault.id, await keyBehind(vault, passphrase), idleMs());
    },

    lock: () => holder.drop(),

    async changePassphrase(before, next) {
      checkPassphrase(next);
      const { id, ...vault } = existing();
      const key = await keyBehind({ id, ...vault }, before);
      const sealed = await sealWithPassphrase(next, sealOf(id), key, cost);
      change(id, (now) => {
        // Two changes at once: the second one's old passphrase is not the passphrase any more.
        if (now.seals.passphrase.data !== vault.seals.passphrase.data) {
          throw failures.passphraseWrong();
        }
        return { ...now, seals: { ...now.seals, passphrase: sealed } };
      });
    },

    async read(entry) {
      const { vault, key } = await unlocked();
      if (!Object.hasOwn(vault.entries, entry)) throw failures.entryMissing(entry);
      const sealed = vaultEntrySchema.safeParse(vault.entries[entry]);
      const value = sealed.success ? unseal(key, entryOf(vault.id, entry), sealed.data) : null;
      if (!value) throw failures.entryDamaged(entry);
      return value.toString('utf8');
    },

    async set(entry, value) {
      if (!vaultEntry.test(entry)) throw failures.entryNameInvalid();
      const problem = secretProblem(entry, value);
      if (problem) throw new MusterError(problem);
      const { vault, key } = await unlocked();
      const changedAt = new Date().toISOString();
      const sealed = seal(key, entryOf(vault.id, entry), Buffer.from(value, 'utf8'));
      change(vault.id, (now) => ({
        ...now,
        entries: { ...now.entries, [entry]: { ...sealed, changedAt } },
      }));
    },

    // Needs no key: whoever may write the file may take an entry out of it.
    async remove(entry) {
      change(existing().id, (now) => {
        if (!Object.hasOwn(now.entries, entry)) throw failures.entryMissing(entry);
        const { [entry]: _removed, ...entries } = now.entries;
        return { ...now, entries };
      });
    },
  };
}

function checkPassphrase(passphrase: string): void {
  if ([...passphrase].length < shortestPassphrase) {
    throw failures.passphraseTooShort(shortestPassphrase);
  }
}

/** What a sealed key or entry is bound to, so that none passes for another. */
function sealOf(id: string): string {
  return `muster vault ${id} key`;
}

function entryOf(id: string, entry: string): string {
  return `muster vault ${id} entry ${entry}`;
}
