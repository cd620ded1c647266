import { userInfo } from 'node:os';
import { version } from '../../package.json';
import type { Engine, InteractiveHost } from '../engine/api.ts';
import { createEngine } from '../engine/engine.ts';
import { createHeadSigner } from '../engine/keys/sign-heads.ts';
import { createApprovalCheck } from '../engine/people/approval-check.ts';
import { musterHome } from '../store/home.ts';
import { openStore, type Store } from '../store/open.ts';
import { describeProblem } from './words.ts';

/** The store that this command works on. The test runtime names its own build of the addon. */
export function openWorkplace(): Store {
  return openStore(musterHomeHere(), binding());
}

/** Where this command finds Muster's data. */
export function musterHomeHere(): string {
  return musterHome(process.env, process.platform);
}

export function openEngine(store: Store, interactive: InteractiveHost | null): Engine {
  return createEngine({
    store,
    operator: operatorName(),
    surface: 'cli',
    version,
    interactive,
    vault: {
      read: async (entry) => {
        const { vaultOf } = await import('./vault.ts');
        return vaultOf(store).read(entry);
      },
    },
    bindTargets: async (request) => {
      // What talks to clusters, object stores and databases is loaded with the first target.
      const [{ createBinder }, { vaultOf }] = await Promise.all([
        import('../engine/targets/bind.ts'),
        import('./vault.ts'),
      ]);
      const options = { store, vault: vaultOf(store), env: process.env, operator: operatorName() };
      return createBinder(options)(request);
    },
    approve: createApprovalCheck(store, operatorName()),
    notify: () => undefined,
    // A key that the app sealed with the system's key store cannot be opened here.
    signHead: createHeadSigner(store, null).sign,
    env: process.env,
    onProblem: (problem) => process.stderr.write(`${describeProblem(problem)}\n`),
    ...binding(),
  });
}

/** The name that the ledger gives the person at this machine. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? 'unknown';
  }
}

function binding(): { nativeBinding?: string } {
  const { MUSTER_SQLITE_BINDING: nativeBinding } = process.env;
  return nativeBinding ? { nativeBinding } : {};
}
