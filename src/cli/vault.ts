import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MusterError, type Problem } from '../core/problem.ts';
import { formatDateTime, formatDuration, parseDuration } from '../core/units.ts';
import * as failures from '../engine/credentials/failures.ts';
import {
  agentSocket,
  type HeldKey,
  heldKeySchema,
  serveKey,
} from '../engine/credentials/key-agent.ts';
import {
  LONGEST_IDLE_MS,
  openVault,
  setVaultIdle,
  vaultIdle,
} from '../engine/credentials/open-vault.ts';
import type { Vault } from '../engine/credentials/vault.ts';
import { baseEnvironment } from '../engine/environment.ts';
import type { Store } from '../store/open.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { InputEnded, readHidden, readPiped } from './hidden-input.ts';
import { zone } from './words.ts';
import { musterHomeHere, openWorkplace } from './workplace.ts';

/** The vault as this command line uses it: no key store, and an agent that outlives the command. */
export function vaultOf(store: Store): Vault {
  return openVault(store, { keyStore: null, startAgent });
}

/** `muster vault list`. */
export function listVault(options: { json?: true }): Promise<ExitCode> {
  return withVault(async (vault, store) => {
    const status = await vault.status();
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ ...status, idleMs: vaultIdle(store) }, null, 2)}\n`);
      return;
    }
    const idle = formatDuration(vaultIdle(store));
    const words = {
      missing: 'There is no vault yet. Make one with: muster vault create',
      locked: 'Locked. Unlock it with: muster vault unlock',
      unlocked: `Unlocked; it locks after ${idle} without use.`,
    };
    process.stdout.write(`${words[status.state]}\n`);
    for (const { name, changedAt } of status.entries) {
      const changed = changedAt === null ? 'damaged' : formatDateTime(changedAt, zone);
      process.stdout.write(`vault:${name}  ${changed}\n`);
    }
  });
}

/** `muster vault create`. */
export function createVaultHere(): Promise<ExitCode> {
  return withVault(async (vault) => {
    if ((await vault.status()).state !== 'missing') throw failures.vaultExists();
    await vault.create(await newPassphrase());
    say('The vault is made and unlocked. Nobody can open it without its passphrase: keep it safe.');
  });
}

/** `muster vault unlock`. */
export function unlockVault(): Promise<ExitCode> {
  return withVault(async (vault, store) => {
    if ((await vault.status()).state === 'missing') throw failures.vaultMissing();
    await vault.unlock(await secretInput('Passphrase: '));
    say(`Unlocked; it locks after ${formatDuration(vaultIdle(store))} without use.`);
  });
}

/** `muster vault lock`. */
export function lockVault(): Promise<ExitCode> {
  return withVault(async (vault) => {
    await vault.lock();
    say('Locked.');
  });
}

/** `muster vault set NAME`: asks for the value, or reads it from a pipe. */
export function setInVault(entry: string): Promise<ExitCode> {
  return withVault(async (vault) => {
    await makeSureOpen(vault);
    await vault.set(entry, await secretInput(`Value of ${entry}: `));
    say(`Kept. Refer to it as vault:${entry}`);
  });
}

/** `muster vault remove NAME`. */
export function removeFromVault(entry: string): Promise<ExitCode> {
  return withVault(async (vault) => {
    await vault.remove(entry);
    say(`Removed vault:${entry}`);
  });
}

/** `muster vault passphrase`: a pipe gives the old one and the new one as two lines. */
export function changePassphrase(): Promise<ExitCode> {
  return withVault(async (vault) => {
    if ((await vault.status()).state === 'missing') throw failures.vaultMissing();
    if (process.stdin.isTTY) {
      await vault.changePassphrase(await readHidden('Passphrase now: '), await newPassphrase());
    } else {
      const [before = '', next = ''] = (await readPiped()).split(/\r?\n/);
      await vault.changePassphrase(before, next);
    }
    say('The passphrase is changed.');
  });
}

/** `muster vault idle DURATION`. */
export function setIdle(text: string): Promise<ExitCode> {
  return withVault(async (_vault, store) => {
    const ms = parseDuration(text);
    if (ms === null || ms < 1000 || ms > LONGEST_IDLE_MS) throw new MusterError(noIdle(text));
    setVaultIdle(store, ms);
    say(`From the next unlock on the vault locks after ${formatDuration(ms)} without use.`);
  });
}

/**
 * `muster vault hold`, which `unlock` starts: keeps the key that it reads from its standard input
 * until nobody used it for a while.
 */
export async function holdKey(): Promise<ExitCode> {
  const held = heldKeySchema.parse(JSON.parse(await readPiped()));
  const server = await serveKey(agentSocket(musterHomeHere()), held);
  process.stdout.write('ready\n');
  await once(server, 'close');
  return exitCodes.ok;
}

/** How long the agent has to listen, in ms. */
const START_MS = 10_000;

/** Starts the agent. The key goes through a pipe, so that no other process can read it. */
async function startAgent(held: HeldKey): Promise<void> {
  const { ELECTRON_RUN_AS_NODE: runAsNode, MUSTER_HOME: home } = process.env;
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'vault', 'hold'], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...baseEnvironment(process.env),
      MUSTER_HOME: home ?? musterHomeHere(),
      ...(runAsNode ? { ELECTRON_RUN_AS_NODE: runAsNode } : {}),
    },
  });
  const given = AbortSignal.timeout(START_MS);
  try {
    child.stdin.end(JSON.stringify(held));
    const ready = once(child.stdout, 'data', { signal: given });
    const ended = once(child, 'close', { signal: given }).then(() => {
      throw new Error('It ended at once.');
    });
    await Promise.race([ready, ended]);
  } catch (error) {
    child.kill('SIGKILL');
    throw failures.agentFailed(String(error));
  }
  child.stdin.destroy();
  child.stdout.destroy();
  child.unref();
}

async function withVault(work: (vault: Vault, store: Store) => Promise<void>): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    await work(vaultOf(store), store);
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof InputEnded) return exitCodes.interrupted;
    throw error;
  } finally {
    store.close();
  }
}

/** Asks for the passphrase where a person can be asked; the pipe is for the value. */
async function makeSureOpen(vault: Vault): Promise<void> {
  const { state } = await vault.status();
  if (state === 'missing') throw failures.vaultMissing();
  if (state === 'unlocked') return;
  if (!process.stdin.isTTY) throw failures.vaultLocked();
  await vault.unlock(await readHidden('Passphrase: '));
}

async function newPassphrase(): Promise<string> {
  if (!process.stdin.isTTY) return readPiped();
  const passphrase = await readHidden('New passphrase: ');
  const again = await readHidden('The same again: ');
  if (passphrase !== again) throw new MusterError(passphrasesDiffer());
  return passphrase;
}

function secretInput(prompt: string): Promise<string> {
  return process.stdin.isTTY ? readHidden(prompt) : readPiped();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function passphrasesDiffer(): Problem {
  return {
    code: 'vault-passphrases-differ',
    what: 'The two passphrases differ.',
    safe: 'Nothing was changed.',
    next: 'Try again.',
  };
}

function noIdle(text: string): Problem {
  return {
    code: 'vault-idle',
    what: `"${text}" is no time after which the vault may lock.`,
    safe: 'Nothing was changed.',
    next: 'Write a duration from 1s to 24h, such as 15m.',
  };
}
