import { z } from 'zod';
import { MusterError, type Problem } from '../../core/problem.ts';
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

const secretSchema = z.object({ data: z.record(z.string(), z.base64()).nullish() });

/** One key of a secret in a cluster, for `kubernetes:` references. Throws MusterError. */
export async function readClusterSecret(
  { client }: KubernetesConnection,
  { namespace, secret, key }: { namespace: string; secret: string; key: string },
): Promise<string> {
  const { data } = await client.read(`/api/v1/namespaces/${namespace}/secrets/${secret}`, {
    doing: `read the secret ${secret} in ${namespace}`,
    schema: secretSchema,
    patienceMs: SECRET_MS,
    answerMs: SECRET_MS,
  });
  const value = data && Object.hasOwn(data, key) ? data[key] : undefined;
  if (value === undefined) throw new MusterError(noSuchKey(namespace, secret, key));
  return Buffer.from(value, 'base64').toString('utf8');
}

/** How long a cluster is asked for a secret, in ms. */
const SECRET_MS = 15_000;

function noSuchKey(namespace: string, secret: string, key: string): Problem {
  return {
    code: 'secret-key-missing',
    what: `The secret ${secret} in ${namespace} has no key "${key}".`,
    safe: 'Nothing has run with it.',
    next: 'Correct the reference, or put the key into the secret.',
  };
}
