import { userInfo } from 'node:os';
import { version } from '../../package.json';
import type { Engine, InteractiveHost } from '../engine/api.ts';
import { createEngine } from '../engine/engine.ts';
import { createHeadSigner } from '../engine/keys/sign-heads.ts';
import { musterHome } from '../store/home.ts';
import { openStore, type Store } from '../store/open.ts';

/** The store that this command works on. The test runtime names its own build of the addon. */
export function openWorkplace(): Store {
  const home = musterHome(process.env, process.platform);
  return openStore(home, binding());
}

export function openEngine(store: Store, interactive: InteractiveHost | null): Engine {
  return createEngine({
    store,
    operator: operatorName(),
    surface: 'cli',
    version,
    interactive,
    // A key that the app sealed with the system's key store cannot be opened here.
    signHead: createHeadSigner(store, null).sign,
    env: process.env,
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
