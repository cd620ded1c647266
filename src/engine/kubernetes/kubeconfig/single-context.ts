import { stringify } from 'yaml';
import type { KubernetesConnection } from '../connection.ts';
import { certificateAuthority, clientCertificate, clientKey } from './material.ts';

/**
 * The text of a kubeconfig that holds the connection's context and nothing else, with certificates
 * embedded, for a child process: write it to a file of mode 0600 and remove it afterwards. It holds
 * credentials.
 */
export function singleContextKubeconfig(
  connection: KubernetesConnection,
  namespace: string,
): string {
  const { account } = connection;
  const { cluster, user } = account;
  const base64 = (pem: Buffer | undefined): string | undefined => pem?.toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [
      {
        name: account.clusterName,
        cluster: present({
          server: cluster.server,
          'certificate-authority-data': base64(certificateAuthority(cluster)),
          'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
          'tls-server-name': cluster['tls-server-name'],
          'proxy-url': cluster['proxy-url'],
        }),
      },
    ],
    users: [
      {
        name: account.userName,
        user: present({
          ...user,
          'client-certificate': undefined,
          'client-certificate-data': base64(clientCertificate(user)),
          'client-key': undefined,
          'client-key-data': base64(clientKey(user)),
          exec: user.exec && present(user.exec),
        }),
      },
    ],
    contexts: [
      {
        name: account.context,
        context: { cluster: account.clusterName, user: account.userName, namespace },
      },
    ],
    'current-context': account.context,
  });
}

function present(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== null),
  );
}
