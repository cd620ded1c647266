import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { knownSecrets } from '../../credentials/known-secrets.ts';
import type { Account } from '../kubeconfig/contexts.ts';
import { type PluginCredential, runPlugin } from '../kubeconfig/exec-plugin.ts';
import { certificateAuthority, clientCertificate, clientKey } from '../kubeconfig/material.ts';
import { libraryAccess } from './library-access.ts';
import { proxyFromEnvironment } from './proxy.ts';

/** Requests at once to one cluster; more only wait in the server's own queue. */
const MOST_SOCKETS = 16;
/** A connection that nobody used for so long is closed, in ms: some balancers drop it in silence. */
const KEPT_MS = 20_000;
/** A plugin's credential is asked for again so long before it expires, in ms. */
const EARLY_MS = 60_000;
/** A token in a file is read again after so long, in ms, because the cluster changes it. */
const TOKEN_FILE_MS = 60_000;

/** TLS of one connection; PEM. */
interface TlsMaterial {
  ca?: Buffer | string;
  cert?: Buffer | string;
  key?: Buffer | string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** What each request is sent with. */
export interface Access {
  agent: HttpAgent;
  headers: Record<string, string>;
}

/** How one account reaches its cluster. */
export interface Session {
  server: URL;
  access(signal?: AbortSignal): Promise<Access>;
  /** The server refused the credential: get a new one, if there can be one. True if there can. */
  renew(): boolean;
  close(): void;
}

/** Sends nothing and starts nothing until `access` is asked for. */
export function openSession(
  account: Account,
  env: Readonly<Record<string, string | undefined>>,
): Session {
  const { cluster, user } = account;
  const proxy = cluster['proxy-url'] ?? proxyFromEnvironment(cluster.server, env);
  const plugin = user.exec ?? null;
  let credential: Promise<PluginCredential> | null = null;
  let expiresAt = 0;
  let made: { agent: HttpAgent; certificate: string | undefined } | null = null;
  let tokenFile = { token: '', readAt: Number.NEGATIVE_INFINITY };
  const library =
    user['auth-provider'] || proxy !== undefined ? libraryAccess(account, proxy) : null;

  const pluginCredential = async (signal?: AbortSignal): Promise<PluginCredential | null> => {
    if (plugin === null) return null;
    if (credential === null || Date.now() > expiresAt - EARLY_MS) {
      const running = runPlugin(account, plugin, env, signal);
      credential = running;
      expiresAt = Number.POSITIVE_INFINITY;
      running.then(
        (got) => {
          // One that lives less than the margin is used to its end.
          expiresAt = Math.max(got.expiresAt, Date.now() + EARLY_MS);
        },
        () => {
          if (credential === running) credential = null;
        },
      );
    }
    return credential;
  };

  const bearer = (): string | undefined => {
    if (user.tokenFile === undefined) return user.token;
    if (Date.now() - tokenFile.readAt > TOKEN_FILE_MS) {
      tokenFile = { token: readFileSync(user.tokenFile, 'utf8').trim(), readAt: Date.now() };
    }
    return tokenFile.token;
  };

  const agentFor = (got: PluginCredential | null): HttpAgent => {
    if (made !== null && made.certificate === got?.certificate) return made.agent;
    made?.agent.destroy();
    const options = {
      ...tlsOf(account, got),
      keepAlive: true,
      maxSockets: MOST_SOCKETS,
      maxFreeSockets: MOST_SOCKETS,
      timeout: KEPT_MS,
      scheduling: 'lifo' as const,
    };
    const isSecure = cluster.server.startsWith('https:');
    const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
    made = { agent, certificate: got?.certificate };
    return agent;
  };

  /** A server or a program may repeat it. */
  const hideToken = (authorization = ''): void => {
    const [scheme, sent = ''] = authorization.split(' ');
    const secret = scheme === 'Bearer' ? sent : (user.password ?? '');
    knownSecrets.addPassing(`${account.context} ${cluster.server}`, [secret]);
  };

  return {
    server: new URL(cluster.server),
    async access(signal) {
      const got = await pluginCredential(signal);
      const viaLibrary = await library?.();
      const headers: Record<string, string> = { ...viaLibrary?.headers };
      const token = got?.token ?? bearer();
      if (token !== undefined) headers.authorization = `Bearer ${token}`;
      else if (user.username !== undefined) {
        const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
        headers.authorization = `Basic ${pair}`;
      }
      hideToken(headers.authorization);
      if (user.as !== undefined) headers['impersonate-user'] = user.as;
      return { agent: viaLibrary?.agent ?? agentFor(got), headers };
    },
    renew() {
      tokenFile = { ...tokenFile, readAt: Number.NEGATIVE_INFINITY };
      credential = null;
      return plugin !== null || user.tokenFile !== undefined;
    },
    close() {
      made?.agent.destroy();
      made = null;
    },
  };
}

function tlsOf({ context, cluster, user }: Account, got: PluginCredential | null): TlsMaterial {
  const ca = certificateAuthority(cluster);
  const cert = got?.certificate ?? clientCertificate(user);
  const key = got?.key ?? clientKey(user);
  if (key) knownSecrets.addPassing(`key of ${context} ${cluster.server}`, [key.toString()]);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
  };
}
