import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { connectTo, type Range } from './range.ts';

/**
 * For tests: another cluster than the range's, which is an API server of the same build with an etcd
 * of its own on loopback. It has no node: what needs a pod cannot be done there.
 */
export interface SecondCluster {
  /** Its one context has the name of the range's. */
  kubeconfig: string;
  /** The requests it answered, one a line, as `auditLog` of the range. */
  auditLog: string;
  /** The account of the kubeconfig, as the log names it. */
  user: string;
  /** Ends the API server at once, as a machine does that loses its power. */
  stopApiServer(): Promise<void>;
  startApiServer(): void;
  close(): Promise<void>;
}

/** How long it may take until it answers, in ms; about seven seconds where nothing else runs. */
const STARTED_MS = 60_000;

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

/** Null where the range does not run its servers as processes of this machine. */
export async function openSecondCluster(range: Range): Promise<SecondCluster | null> {
  const pids = join(dirname(range.logs), 'pids');
  const apiServer = programOf(join(pids, 'kube-apiserver'));
  const etcd = programOf(join(pids, 'etcd'));
  if (apiServer === null || etcd === null) return null;

  const folder = mkdtempSync(join(tmpdir(), 'muster-second-cluster-'));
  const at = (name: string): string => join(folder, name);
  const token = randomBytes(16).toString('hex');
  const user = 'admin-of-the-second';
  writeFileSync(at('tokens.csv'), `${token},${user},1,system:masters\n`, { mode: 0o600 });
  writeFileSync(at('audit.yaml'), JSON.stringify(AUDIT_POLICY));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = privateKey.export({ type: 'pkcs1', format: 'pem' });
  writeFileSync(at('accounts.key'), signing, { mode: 0o600 });
  const [clients, peers, port] = [await freePort(), await freePort(), await freePort()];
  const clientUrl = `http://127.0.0.1:${clients}`;
  const peerUrl = `http://127.0.0.1:${peers}`;

  const store = spawn(
    etcd,
    flags({
      'data-dir': at('etcd'),
      name: 'second',
      'listen-client-urls': clientUrl,
      'advertise-client-urls': clientUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `second=${peerUrl}`,
    }),
    { stdio: 'ignore' },
  );
  const serve = (): ChildProcess =>
    spawn(
      apiServer,
      flags({
        'etcd-servers': clientUrl,
        'bind-address': '127.0.0.1',
        'secure-port': String(port),
        'service-cluster-ip-range': '10.1.0.0/24',
        'cert-dir': at('pki'),
        'token-auth-file': at('tokens.csv'),
        'authorization-mode': 'RBAC',
        'service-account-key-file': at('accounts.key'),
        'service-account-signing-key-file': at('accounts.key'),
        'service-account-issuer': 'https://second',
        'audit-log-path': at('audit.log'),
        'audit-policy-file': at('audit.yaml'),
      }),
      { stdio: 'ignore' },
    );
  let served = serve();
  const close = async (): Promise<void> => {
    await Promise.all([served, store].map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => existsSync(at('pki/apiserver.crt')));
    // Its certificate is its own authority.
    const kubeconfig = at('kubeconfig');
    writeFileSync(
      kubeconfig,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name: 'second',
            cluster: {
              server: `https://127.0.0.1:${port}`,
              'certificate-authority-data': readFileSync(at('pki/apiserver.crt'), 'base64'),
            },
          },
        ],
        users: [{ name: 'second', user: { token } }],
        contexts: [{ name: range.context, context: { cluster: 'second', user: 'second' } }],
      }),
      { mode: 0o600 },
    );
    await untilItKnowsItself(kubeconfig, range.context);
    return {
      ...{ kubeconfig, auditLog: at('audit.log'), user, close },
      stopApiServer: () => end(served),
      startApiServer() {
        served = serve();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilItKnowsItself(kubeconfig: string, context: string): Promise<void> {
  const { clusterIdentity } = await import('../identity.ts');
  const connection = connectTo(kubeconfig, context);
  try {
    await until(() =>
      clusterIdentity(connection).then(
        () => true,
        () => false,
      ),
    );
  } finally {
    connection.close();
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + STARTED_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('The second cluster did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** The program behind a pid file, or null. */
function programOf(pidFile: string): string | null {
  if (!existsSync(pidFile)) return null;
  const program = `/proc/${readFileSync(pidFile, 'utf8').trim()}/exe`;
  return existsSync(program) ? program : null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
