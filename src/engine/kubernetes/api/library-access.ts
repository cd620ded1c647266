import type { RequestOptions } from 'node:https';
import { knownSecrets } from '../../credentials/known-secrets.ts';
import type { Account } from '../kubeconfig/contexts.ts';
import { certificateAuthority, clientCertificate, clientKey } from '../kubeconfig/material.ts';
import type { Access } from './session.ts';

/**
 * Access through the Kubernetes client library: for auth providers, such as OIDC, whose tokens it
 * renews, and for proxies. It is large, so it is loaded when an account first needs it.
 */
export function libraryAccess(account: Account, proxy: string | undefined): () => Promise<Access> {
  let config: Promise<import('@kubernetes/client-node').KubeConfig> | null = null;
  let agent: Access['agent'] | null = null;
  return async () => {
    config ??= load(account, proxy);
    const options: RequestOptions = {};
    await (await config).applyToHTTPSOptions(options);
    if (typeof options.agent !== 'object') throw new Error('The client library made no agent');
    agent ??= options.agent;
    const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    return { agent, headers: Object.fromEntries(headers) };
  };
}

async function load(account: Account, proxy: string | undefined) {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const { cluster, user } = account;
  const base64 = (pem: Buffer | undefined) => pem && { data: pem.toString('base64') };
  const ca = base64(certificateAuthority(cluster));
  const certificate = base64(clientCertificate(user));
  const privateKey = clientKey(user);
  if (privateKey) knownSecrets.add(privateKey.toString());
  const key = base64(privateKey);
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'cluster',
        server: cluster.server,
        caData: ca?.data,
        skipTLSVerify: cluster['insecure-skip-tls-verify'] ?? false,
        tlsServerName: cluster['tls-server-name'],
        proxyUrl: proxy,
      },
    ],
    users: [
      {
        name: 'user',
        certData: certificate?.data,
        keyData: key?.data,
        // The library writes renewed tokens into it.
        authProvider: user['auth-provider'] && structuredClone(user['auth-provider']),
      },
    ],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  return config;
}
