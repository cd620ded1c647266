import type { Discovered } from '../../core/targets/discovered.ts';
import { awsProfiles, readAwsSections } from '../credentials/aws-config.ts';
import { listContexts } from '../kubernetes/kubeconfig/contexts.ts';

/** The contexts and profiles of this machine, as `kubectl` and `aws` would find them. Sends nothing. */
export function discoverPlaces(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Discovered {
  const { contexts, brokenFiles } = listContexts({ env, home, added: [] });
  return {
    contexts: contexts.map(({ name, file, server, namespace, broken }) => ({
      name,
      file,
      server,
      namespace,
      broken,
    })),
    brokenFiles,
    profiles: awsProfiles(readAwsSections(env, home)),
  };
}
