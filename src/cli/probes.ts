import { operatorContext } from '../engine/credentials/operator-context.ts';
import type { IdentityProbes } from '../engine/targets/identity.ts';
import { createProbes } from '../engine/targets/probes.ts';
import type { Store } from '../store/open.ts';
import { vaultOf } from './vault.ts';

/** How this command asks the parts of a target who they are. */
export function identityProbes(store: Store): IdentityProbes {
  return createProbes(operatorContext(vaultOf(store), process.env));
}
