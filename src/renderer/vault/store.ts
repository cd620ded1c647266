import { create } from 'zustand';
import { toProblem } from '../../core/problem.ts';
import type { VaultStatus } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

interface Vault {
  /** Whether the dialog is open. */
  open: boolean;
  /** Null until the answer is here. */
  status: VaultStatus | null;
  /** Somebody waits for it to be unlocked; to be told whether it is. */
  waiting: ((isUnlocked: boolean) => void) | null;
}

/** Passphrases and values pass through the fields of a form on their way to main, and are nowhere else. */
export const useVault = create<Vault>()(() => ({ open: false, status: null, waiting: null }));

export function openVault(): void {
  useVault.setState({ open: true });
}

export function closeVault(): void {
  useVault.setState({ open: false, status: null });
}

export function readVault(): void {
  ask('vault.status').then((status) => useVault.setState({ status }), report);
}

/** Each of these throws MusterError, and reads the vault anew. */
export async function createVault(passphrase: string): Promise<void> {
  await ask('vault.create', { passphrase });
  announce('The vault is made and unlocked.');
  readVault();
}

export async function unlockVault(passphrase: string): Promise<void> {
  await ask('vault.unlock', { passphrase });
  announce('The vault is unlocked.');
  readVault();
}

export async function lockVault(): Promise<void> {
  await ask('vault.lock');
  announce('The vault is locked.');
  readVault();
}

export async function keepSecret(name: string, value: string): Promise<void> {
  await ask('vault.set', { name, value });
  announce(`vault:${name} is kept.`);
  readVault();
}

export async function removeSecret(name: string): Promise<void> {
  await ask('vault.remove', { name });
  announce(`vault:${name} is removed.`);
  readVault();
}

/** Asks the operator to unlock the vault; true once it is. */
export function askToUnlock(): Promise<boolean> {
  return new Promise((resolve) => {
    useVault.getState().waiting?.(false);
    useVault.setState({
      waiting: (isUnlocked) => {
        useVault.setState({ waiting: null });
        resolve(isUnlocked);
      },
    });
  });
}

/** Does `work`; where the vault is locked, asks to unlock it and does it then. Throws as `work` does. */
export async function withVault<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (toProblem(thrown).code !== 'vault-locked' || !(await askToUnlock())) throw thrown;
    }
  }
}
