import { KubernetesClient } from './api/client.ts';
import { openSession } from './api/session.ts';
import { type Account, accountOf, type KubeconfigSources } from './kubeconfig/contexts.ts';

/** A cluster as one context of a kubeconfig reaches it. */
export interface KubernetesConnection {
  context: string;
  /** The API server's address. */
  server: string;
  /** The namespace to act on where a step names none. */
  namespace: string;
  client: KubernetesClient;
  /** Holds credentials: for a child process's kubeconfig alone, never for a record or a window. */
  account: Account;
  /** Ends what is kept open between requests. */
  close(): void;
}

/**
 * A connection through this one context. Sends nothing yet: credentials are looked for with the
 * first request. Throws MusterError where the context is missing or broken.
 */
export function connect(
  sources: KubeconfigSources,
  context: string,
  namespace?: string,
): KubernetesConnection {
  const account = accountOf(sources, context);
  const session = openSession(account, sources.env);
  return {
    context,
    server: account.cluster.server,
    namespace: namespace ?? account.namespace ?? 'default',
    client: new KubernetesClient(session),
    account,
    close: () => session.close(),
  };
}
