import { homedir } from 'node:os';
import type { AwsContext } from './aws.ts';
import { COMMAND_TIMEOUT_MS, resolveSecret, type SecretContext } from './resolve-secret.ts';
import type { Vault } from './vault.ts';

/**
 * How a target's own secrets are read: with the operator's environment and vault. `readKubernetes`
 * reads one from the target's cluster; null where it has none.
 */
export function operatorContext(
  vault: Pick<Vault, 'read'>,
  env: Readonly<Record<string, string | undefined>>,
  readKubernetesSecret: SecretContext['readKubernetesSecret'] = null,
): AwsContext {
  const home = env.HOME ?? homedir();
  const secrets: SecretContext = {
    env,
    cwd: home,
    vault,
    readKubernetesSecret,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  };
  return { env, home, resolve: (reference) => resolveSecret(reference, secrets) };
}
