import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { createRedactor } from '../../core/ledger/redact.ts';
import { MusterError } from '../../core/problem.ts';
import type { IdentityPart } from '../../core/targets/identity.ts';
import { target } from '../../core/targets/test/targets.ts';
import { openStore } from '../../store/open.ts';
import { findProgram } from '../processes/interpreter.ts';
import { type IdentityProbes, proveIdentity, seeTarget } from './identity.ts';
import { kubeconfigFacts } from './kubeconfig-facts.ts';
import { type ShellSources, sweepTargetFolders, targetEnvironment } from './shell-environment.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-targets-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}\n-----END PRIVATE KEY-----\n`;

function kubeconfig(user: unknown, namespace: string | null = null): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'prod', context: { cluster: 'c', user: 'u', namespace: namespace ?? 'default' } },
    ],
    'current-context': 'prod',
  });
}

function sources(user: unknown = { token: 'token-of-the-cluster' }): ShellSources {
  const home = folder();
  mkdirSync(join(home, '.aws'));
  writeFileSync(
    join(home, '.aws/config'),
    '[profile backups]\nregion = us-east-1\naws_access_key_id = BACKUPSKEY\naws_secret_access_key = backups-secret\n[profile eks]\nregion = us-east-1\n[profile other]\nregion = mars\n',
  );
  return {
    env: {},
    home,
    resolve: async (reference) => `value of ${reference}`,
    kubeconfig: async (_place, namespace) => kubeconfig(user, namespace),
  };
}

describe('targetEnvironment', () => {
  it('leads to one context and one profile, in files of this user alone, and goes', async () => {
    const own = join(folder(), 'run');
    const made = await targetEnvironment(target(), own, sources());
    const { env, secrets } = made;
    expect(statSync(own).mode & 0o777).toBe(0o700);
    const file = env.KUBECONFIG ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('namespace: orders');
    expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8')).not.toContain('mars');
    expect(secrets).toEqual(['token-of-the-cluster', 'BACKUPSKEY', 'backups-secret']);
    expect(Object.keys(env).filter((name) => !/^(KUBECONFIG|AWS_\w+)$/.test(name))).toEqual([]);
    made.cleanup();
    expect(existsSync(own)).toBe(false);
  });

  it('hands the redactor every credential of the kubeconfig it writes', async () => {
    const tokenFile = join(folder(), 'token');
    writeFileSync(tokenFile, 'token-in-a-file\n');
    const user = {
      tokenFile,
      password: 'basic-password',
      'client-key-data': Buffer.from(key).toString('base64'),
      'auth-provider': {
        name: 'oidc',
        config: { 'id-token': 'id-token-1', 'refresh-token': 'rt-1' },
      },
    };
    const { env, secrets } = await targetEnvironment(
      target(),
      join(folder(), 'run'),
      sources(user),
    );
    expect(secrets).toEqual(
      expect.arrayContaining(['token-in-a-file', 'basic-password', key, 'id-token-1', 'rt-1']),
    );
    const shown = createRedactor(secrets).text(readFileSync(env.KUBECONFIG ?? '', 'utf8'));
    for (const secret of ['basic-password', 'id-token-1', Buffer.from(key).toString('base64')]) {
      expect(shown).not.toContain(secret);
    }
  });

  it('gives a target without cluster and store nothing of the operator’s', async () => {
    const bare = target({ kubernetes: null, objectStore: null });
    const { env, secrets } = await targetEnvironment(bare, join(folder(), 'run'), sources());
    expect(readFileSync(env.KUBECONFIG ?? '', 'utf8')).not.toContain('context');
    expect(readFileSync(env.AWS_CONFIG_FILE ?? '', 'utf8')).toBe('');
    expect(env.AWS_EC2_METADATA_DISABLED).toBe('true');
    expect(secrets).toEqual([]);
  });

  it('keeps the AWS profile that a program needs to sign in to the cluster', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'aws',
      args: ['--profile', 'eks', 'eks', 'get-token'],
    };
    const both = await targetEnvironment(target(), join(folder(), 'run'), sources({ exec }));
    const config = readFileSync(both.env.AWS_CONFIG_FILE ?? '', 'utf8');
    expect(config).toContain('[profile eks]');
    expect(config).not.toContain('other');
    const alone = target({ objectStore: null });
    const made = await targetEnvironment(alone, join(folder(), 'run'), sources({ exec }));
    expect(made.env).not.toHaveProperty('AWS_CONFIG_FILE');
    expect(
      kubeconfigFacts(kubeconfig({ exec: { ...exec, args: ['--profile=x'] } })).awsProfiles,
    ).toEqual(['x']);
  });

  it('leaves nothing behind when the context is broken', async () => {
    const own = join(folder(), 'run');
    const broken = { ...sources(), kubeconfig: () => Promise.reject(new Error('broken')) };
    await expect(targetEnvironment(target(), own, broken)).rejects.toThrow('broken');
    expect(existsSync(own)).toBe(false);
  });

  it.skipIf(findProgram('kubectl', process.env.PATH ?? '') === null)(
    'is what kubectl sees',
    async () => {
      const { env } = await targetEnvironment(target(), join(folder(), 'run'), sources());
      const kubectl = (...args: string[]): string =>
        execFileSync('kubectl', args, { env: { PATH: process.env.PATH, HOME: folder(), ...env } })
          .toString()
          .trim();
      expect(kubectl('config', 'get-contexts', '-o', 'name')).toBe('prod');
      expect(kubectl('config', 'view', '--minify', '-o', 'jsonpath={..namespace}')).toBe('orders');
    },
  );

  it('is swept when its run has ended and Muster was killed', () => {
    const parent = folder();
    for (const run of ['open', 'ended', 'begins', 'forgotten'])
      mkdirSync(join(parent, run, 'primary'), { recursive: true });
    utimesSync(join(parent, 'forgotten'), new Date(0), new Date(0));
    sweepTargetFolders(parent, (run) => (run === 'open' || run === 'ended' ? run : 'unknown'));
    expect(readdirSync(parent).sort()).toEqual(['begins', 'open']);
    sweepTargetFolders(join(parent, 'never-made'), () => 'ended');
  });
});

const cluster = (uid: string): IdentityPart & { kind: 'cluster' } => ({ kind: 'cluster', uid });

function probes(change: Partial<IdentityProbes> = {}): IdentityProbes {
  return {
    cluster: async () => cluster('uid-1'),
    objectStore: async () => ({ kind: 'object-store', endpoint: 'https://s3', owner: 'ops' }),
    database: async (_target, connection) => ({ kind: 'database', connection, system: '7301' }),
    ...change,
  };
}

describe('identity', () => {
  it('is pinned on first use, proven later, and stops at another', () => {
    const store = openStore(folder());
    onTestFinished(() => store.close());
    store.targets.add(target());
    expect(proveIdentity(store.targets, 'prod-us', cluster('uid-1'), 'ada')).toBe('first-use');
    expect(proveIdentity(store.targets, 'prod-us', cluster('uid-1'), 'ada')).toBe('match');
    try {
      proveIdentity(store.targets, 'prod-us', cluster('uid-2'), 'ada');
      expect.fail('It was taken for the same.');
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      expect(error.problem.code).toBe('target-mismatch');
      expect(error.problem.what).toMatch(/uid-1.*uid-2/);
    }
    expect(store.targets.get('prod-us')?.pins[0]?.part).toEqual(cluster('uid-1'));
  });

  it('is asked of every part, and one that is silent does not hide the others', async () => {
    const silent = { database: () => Promise.reject(new Error('unreachable')) };
    const pin = { part: cluster('uid-9'), pinnedAt: '2026-11-27T09:00:00.000Z', pinnedBy: 'ada' };
    const { seen, failed, comparison } = await seeTarget(target(), [pin], probes(silent));
    expect(seen.map(({ kind }) => kind).sort()).toEqual(['cluster', 'object-store']);
    expect(failed.map((part) => part.key)).toEqual(['database orders']);
    expect(comparison.verdict).toBe('mismatch');
  });
});
