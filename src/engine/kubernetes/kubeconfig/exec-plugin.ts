import { type ChildProcess, spawn } from 'node:child_process';
import { z } from 'zod';
import { MusterError } from '../../../core/problem.ts';
import { baseEnvironment } from '../../environment.ts';
import type { Account } from './contexts.ts';
import { certificateAuthority } from './material.ts';
import type { ExecEntry } from './read.ts';

/** How long a plugin may take, in ms. None can ask anybody: it has no terminal. */
const PLUGIN_MS = 60_000;
/** How long it has to end after TERM before KILL, in ms. */
const GRACE_MS = 2_000;
/** How long its output is waited for after its end, in ms. */
const OUTPUT_MS = 500;
/** More output than this is no credential, in bytes. */
const MOST_OUTPUT = 1024 * 1024;

/** Variables beside the usual ones by which the plugins of cloud providers find their account. */
const PLUGIN_VARIABLE =
  /^(AWS_|AZURE_|AAD_|GOOGLE_|CLOUDSDK_|OCI_|IBMCLOUD_|DIGITALOCEAN_|KUBELOGIN_|(HTTPS?|NO|ALL)_PROXY$)/i;

const answerSchema = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** What a credential plugin answered. */
export interface PluginCredential {
  token: string | undefined;
  /** PEM. */
  certificate: string | undefined;
  /** PEM. */
  key: string | undefined;
  /** Milliseconds since 1970; infinite where the plugin says none. */
  expiresAt: number;
}

/**
 * Runs the credential plugin of a kubeconfig as kubectl does, never interactive, with a filtered
 * environment and a time limit. Throws MusterError `kubernetes-plugin-failed`.
 */
export async function runPlugin(
  account: Account,
  plugin: ExecEntry,
  parent: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<PluginCredential> {
  if (plugin.interactiveMode === 'Always') {
    throw failed(account, plugin, 'it wants to ask a person, and here it has no terminal');
  }
  const output = await run(account, plugin, environmentFor(account, plugin, parent), signal);
  const answer = answerSchema.safeParse(asJson(output));
  if (!answer.success) throw failed(account, plugin, 'its answer is no ExecCredential');
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer.data.status;
  if (token === undefined && clientCertificateData === undefined) {
    throw failed(account, plugin, 'its answer has neither a token nor a certificate');
  }
  const expiresAt = Date.parse(expirationTimestamp ?? '');
  return {
    token,
    certificate: clientCertificateData,
    key: clientKeyData,
    expiresAt: Number.isNaN(expiresAt) ? Number.POSITIVE_INFINITY : expiresAt,
  };
}

function environmentFor(
  account: Account,
  plugin: ExecEntry,
  parent: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const env = baseEnvironment(parent);
  for (const [name, value] of Object.entries(parent)) {
    if (value !== undefined && PLUGIN_VARIABLE.test(name)) env[name] = value;
  }
  for (const { name, value } of plugin.env ?? []) env[name] = value;
  const { cluster } = account;
  env.KUBERNETES_EXEC_INFO = JSON.stringify({
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo === true && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster['tls-server-name'],
          'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'] ?? undefined,
          'certificate-authority-data': certificateAuthority(cluster)?.toString('base64'),
          'proxy-url': cluster['proxy-url'],
        },
      }),
    },
  });
  return env;
}

function run(
  account: Account,
  plugin: ExecEntry,
  env: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(plugin.command, plugin.args ?? [], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a session of its own: it finds no terminal to ask in, and ends with all it started.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let why: string | null = null;
    let kill: NodeJS.Timeout | undefined;
    const end = (reason: string): void => {
      why ??= reason;
      stop(child, 'SIGTERM');
      kill ??= setTimeout(() => stop(child, 'SIGKILL'), GRACE_MS);
    };
    const limit = setTimeout(
      () => end(`it did not answer within ${PLUGIN_MS / 1000} s`),
      PLUGIN_MS,
    );
    const cancel = (): void => end('it was cancelled');
    signal?.addEventListener('abort', cancel, { once: true });
    const read = { out: '', err: '' };
    const take = (stream: 'out' | 'err') => (chunk: Buffer) => {
      read[stream] += chunk.toString('utf8');
      if (read[stream].length > MOST_OUTPUT) end('it printed more than 1 MiB');
    };
    child.stdout.on('data', take('out'));
    child.stderr.on('data', take('err'));
    const settle = (): void => {
      clearTimeout(limit);
      clearTimeout(kill);
      signal?.removeEventListener('abort', cancel);
    };
    child.once('error', (error) => {
      settle();
      const hint = plugin.installHint === undefined ? '' : ` ${plugin.installHint.trim()}`;
      reject(failed(account, plugin, `it cannot be started (${error.message}).${hint}`));
    });
    // What it left running may hold its output open for ever.
    child.once('exit', () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, OUTPUT_MS);
    });
    child.once('close', (code) => {
      settle();
      if (signal?.aborted === true) return reject(signal.reason);
      if (why !== null) return reject(failed(account, plugin, why));
      if (code === 0) return resolve(read.out);
      const last = read.err.trim().split('\n').at(-1) ?? '';
      reject(failed(account, plugin, `it ended with exit code ${code}${last && `: ${last}`}`));
    });
  });
}

/** The plugin with all that it started. */
function stop(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Gone by itself in between.
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(account: Account, plugin: ExecEntry, why: string): MusterError {
  return new MusterError({
    code: 'kubernetes-plugin-failed',
    what: `The credential plugin ${plugin.command} of context ${account.context} gave no credential: ${why.replace(/\.$/, '')}.`,
    safe: 'Nothing was sent to the cluster.',
    next: 'Sign in with the plugin in a terminal, then try again.',
  });
}
