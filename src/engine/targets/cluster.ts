import type { KubernetesPlace } from '../../core/targets/target.ts';
import type { AwsContext } from '../credentials/aws.ts';
import { connect, type KubernetesConnection } from '../kubernetes/connection.ts';
import type { KubeconfigSources } from '../kubernetes/kubeconfig/contexts.ts';
import { singleContextKubeconfig } from '../kubernetes/kubeconfig/single-context.ts';

/**
 * Where the context of a target is looked for: its own file alone, so that no other one can put
 * another cluster under the same name, else the usual files.
 */
export function sourcesOf(
  { kubeconfig }: KubernetesPlace,
  { env, home }: Pick<AwsContext, 'env' | 'home'>,
): KubeconfigSources {
  return {
    env: kubeconfig === null ? env : { ...env, KUBECONFIG: kubeconfig },
    home,
    added: [],
  };
}

/** A connection to a target's cluster; sends nothing yet. To be closed. Throws MusterError. */
export function connectCluster(
  place: KubernetesPlace,
  namespace: string | null,
  context: Pick<AwsContext, 'env' | 'home'>,
): KubernetesConnection {
  return connect(sourcesOf(place, context), place.context, namespace ?? undefined);
}

/** The kubeconfig that a shell under the target gets; see `ShellSources`. Throws MusterError. */
export function shellKubeconfig(
  place: KubernetesPlace,
  namespace: string | null,
  context: Pick<AwsContext, 'env' | 'home'>,
): string {
  const connection = connectCluster(place, namespace, context);
  try {
    return singleContextKubeconfig(connection, connection.namespace);
  } finally {
    connection.close();
  }
}
