import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError, toProblem } from '../core/problem.ts';
import type { Engine } from '../engine/api.ts';
import { openVault } from '../engine/credentials/open-vault.ts';
import type { Vault } from '../engine/credentials/vault.ts';
import { createHeadSigner, type HeadSigner } from '../engine/keys/sign-heads.ts';
import type { KeyKeeper } from '../engine/keys/signing-key.ts';
import { Catalogue } from '../engine/library/catalogue.ts';
import { openLibraryIndex } from '../store/library-index.ts';
import { openStore, type Store } from '../store/open.ts';
import { operatorName } from './app-info.ts';
import type { Push } from './ipc/push.ts';
import { keyStoreOfSystem } from './key-store.ts';
import { lazyEngine } from './lazy-engine.ts';
import type { Log } from './log.ts';
import type { HostProcess } from './terminal/host-link.ts';
import { Terminals } from './terminal/terminals.ts';
import { VaultKey } from './vault-key.ts';

interface Opened {
  store: Store;
  engine: Engine;
  heads: HeadSigner;
}

/** What the handlers of requests work with. */
export interface Services {
  readonly home: string;
  readonly version: string;
  readonly operator: string;
  readonly log: Log;
  readonly push: Push;
  readonly catalogue: Catalogue;
  readonly terminals: Terminals;
  /** Throws MusterError while the store cannot be opened, and tries again with a later request. */
  store(): Store;
  engine(): Engine;
  /** The operator's secrets. Throws MusterError while the store cannot be opened. */
  vault(): Vault;
  heads(): HeadSigner;
  /** The store and engine if they are open, without opening them. */
  opened(): Opened | null;
  close(): Promise<void>;
}

/** A store that could not be opened is not tried again before, in ms: a locked one blocks meanwhile. */
const RETRY_MS = 5_000;
/** How long a locked store is waited for, in ms. The window stands still as long. */
const LOCK_PATIENCE_MS = 1_500;

export function createServices(given: {
  home: string;
  browserFolder: string;
  version: string;
  log: Log;
  push: Push;
  startTerminalHost(): HostProcess;
  /** Shows a notification of the desktop. */
  notify(notification: { title: string; text: string }): void;
  /** The system's key store; null where there is none that keeps a secret. */
  keyKeeper(): KeyKeeper | null;
}): Services {
  const { home, version, log, push } = given;
  const terminals = new Terminals(given.startTerminalHost, push);
  const vaultKey = new VaultKey(home);
  /** The vault as the app uses it: with the system's key store, and the key of whoever unlocked it. */
  const vaultOf = (store: Store): Vault =>
    openVault(store, { keyStore: keyStoreOfSystem(), startAgent: vaultKey.hold });
  const operator = operatorName();
  const nativeBinding = process.env.MUSTER_SQLITE_BINDING;
  const binding = nativeBinding ? { nativeBinding } : {};
  let opened: Opened | null = null;
  let refused: { at: number; error: MusterError } | null = null;

  const catalogue = new Catalogue(() => openLibraryIndex(home, version, nativeBinding));
  // What the index took the place of; a release from before it may have left one.
  rmSync(join(given.browserFolder, 'library.json'), { force: true });
  const open = (): Opened => {
    if (opened !== null) return opened;
    if (refused !== null && Date.now() - refused.at < RETRY_MS) throw refused.error;
    try {
      const store = openStore(home, { ...binding, busyTimeoutMs: LOCK_PATIENCE_MS });
      const heads = createHeadSigner(store, given.keyKeeper());
      const engine = lazyEngine(async () => {
        const { createEngine } = await import('../engine/engine.ts');
        const { createApprovalCheck } = await import('../engine/people/approval-check.ts');
        return createEngine({
          store,
          operator,
          surface: 'app',
          version,
          interactive: terminals.interactive,
          vault: vaultOf(store),
          bindTargets: async (request) => {
            // What talks to clusters, object stores and databases is loaded with the first target.
            const { createBinder } = await import('../engine/targets/bind.ts');
            const options = { store, vault: vaultOf(store), env: process.env, operator };
            return createBinder(options)(request);
          },
          approve: createApprovalCheck(store, operator),
          notify: given.notify,
          signHead: heads.sign,
          onProblem: (problem) => push('app.problem', problem),
          env: process.env,
          ...binding,
        });
      });
      opened = { store, engine, heads };
      refused = null;
      return opened;
    } catch (error) {
      log.fault('The store could not be opened.', error);
      refused = { at: Date.now(), error: asMusterError(error) };
      throw refused.error;
    }
  };

  return {
    home,
    version,
    operator,
    log,
    push,
    terminals,
    catalogue,
    store: () => open().store,
    engine: () => open().engine,
    vault: () => vaultOf(open().store),
    heads: () => open().heads,
    opened: () => opened,
    async close() {
      const closing = opened;
      opened = null;
      await closing?.engine.close();
      vaultKey.close();
      terminals.shutDown();
      catalogue.close();
      closing?.store.close();
    },
  };
}

function asMusterError(error: unknown): MusterError {
  return error instanceof MusterError ? error : new MusterError(toProblem(error));
}
