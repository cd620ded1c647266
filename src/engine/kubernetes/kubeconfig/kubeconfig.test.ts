import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toProblem } from '../../../core/problem.ts';
import { connect } from '../connection.ts';
import { accountOf, type KubeconfigSources, listContexts } from './contexts.ts';
import { runPlugin } from './exec-plugin.ts';
import { singleContextKubeconfig } from './single-context.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-kubeconfig-'));
});

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const sources = (paths: string[], more: Partial<KubeconfigSources> = {}): KubeconfigSources => ({
  env: { KUBECONFIG: paths.join(delimiter) },
  home: folder,
  added: [],
  ...more,
});

const config = (names: { context?: string; cluster?: string; user?: string; server?: string }) => `
apiVersion: v1
kind: Config
current-context: ${names.context ?? 'a'}
contexts: [{name: ${names.context ?? 'a'}, context: {cluster: ${names.cluster ?? 'a'}, user: ${names.user ?? 'a'}}}]
clusters: [{name: ${names.cluster ?? 'a'}, cluster: {server: "${names.server ?? 'https://a.example:6443'}"}}]
users: [{name: ${names.user ?? 'a'}, user: {token: token-of-${names.user ?? 'a'}}}]
`;

describe('kubeconfigs', () => {
  test('are merged as kubectl does: the first file that names a thing wins, whole', () => {
    const first = write('first', config({ server: 'https://first.example' }));
    const second = write(
      'second',
      `${config({ server: 'https://second.example' }).replace('current-context: a', 'current-context: b')}`,
    );
    const { contexts } = listContexts(sources([first, join(folder, 'absent'), second]));
    expect(contexts).toEqual([
      expect.objectContaining({
        name: 'a',
        server: 'https://first.example',
        isCurrent: true,
        broken: null,
      }),
    ]);
    expect(listContexts(sources([second, first])).contexts[0]?.server).toBe(
      'https://second.example',
    );
  });

  test('refer to each other across files, with paths from their own folder', () => {
    mkdirSync(join(folder, 'clusters'));
    write('clusters/ca.crt', 'the authority');
    const clusters = write(
      'clusters/config',
      'clusters: [{name: far, cluster: {server: "https://far.example/", certificate-authority: ca.crt}}]',
    );
    const users = write('users', 'users: [{name: ada, user: {token: secret-token}}]');
    const contexts = write(
      'contexts',
      'contexts: [{name: far, context: {cluster: far, user: ada, namespace: shop}}]',
    );
    const account = accountOf(sources([contexts, users, clusters]), 'far');
    expect(account.cluster.server).toBe('https://far.example');
    expect(account.cluster['certificate-authority']).toBe(join(folder, 'clusters', 'ca.crt'));
    expect(account.user.token).toBe('secret-token');
    const connection = connect(sources([contexts, users, clusters]), 'far');
    expect(connection.namespace).toBe('shop');
    const single = parse(singleContextKubeconfig(connection, 'other'));
    expect(single.contexts).toEqual([
      { name: 'far', context: { cluster: 'far', user: 'ada', namespace: 'other' } },
    ]);
    expect(single.clusters[0].cluster).toEqual({
      server: 'https://far.example',
      'certificate-authority-data': Buffer.from('the authority').toString('base64'),
    });
    const text = write('single', singleContextKubeconfig(connection, 'other'));
    expect(accountOf(sources([text]), 'far').user.token).toBe('secret-token');
  });

  test('list what is broken with the reason, and go on with the rest', () => {
    const good = write('good', config({ context: 'good' }));
    const bad = write(
      'bad',
      `contexts:
- {name: no-cluster, context: {cluster: absent, user: a}}
- {name: no-user, context: {cluster: x, user: absent}}
- {name: no-server, context: {cluster: empty}}
- {name: odd-server, context: {cluster: odd}}
- {name: no-file, context: {cluster: x, user: lost}}
- {name: nothing}
- {name: strange, context: {cluster: [1]}}
clusters:
- {name: x, cluster: {server: "https://x.example"}}
- {name: empty, cluster: {}}
- {name: odd, cluster: {server: "ftp://x"}}
users: [{name: lost, user: {client-certificate: absent.crt, client-key: absent.key}}]
`,
    );
    const broken = write('broken', 'contexts: [{name: "t');
    const unreadable = write('unreadable', 'just text');
    const { contexts, brokenFiles } = listContexts(
      sources([good, bad, broken, unreadable], { added: [join(folder, 'removed')] }),
    );
    const reasons = Object.fromEntries(contexts.map(({ name, broken: why }) => [name, why]));
    expect(reasons.good).toBeNull();
    expect(reasons['no-cluster']).toContain('absent');
    expect(reasons['no-user']).toContain('absent');
    expect(reasons['no-server']).toContain('no server');
    expect(reasons['odd-server']).toContain('no http or https');
    expect(reasons['no-file']).toContain('absent.crt');
    expect(reasons.nothing).toContain('no cluster');
    expect(reasons.strange).toContain('cluster');
    expect(brokenFiles.map(({ file }) => file)).toEqual([
      broken,
      unreadable,
      join(folder, 'removed'),
    ]);
    expect(() => accountOf(sources([good, bad]), 'no-user')).toThrow('cannot be used');
    expect(() => accountOf(sources([good, bad]), 'other')).toThrow('No kubeconfig has a context');
  });

  test('come from the home folder where KUBECONFIG is not set', () => {
    mkdirSync(join(folder, '.kube'));
    write('.kube/config', config({ context: 'home' }));
    const added = write('more', config({ context: 'more' }));
    const { contexts } = listContexts({ env: {}, home: folder, added: [added] });
    expect(contexts.map(({ name }) => name)).toEqual(['home', 'more']);
  });
});

describe('credential plugins', () => {
  const plugin = (script: string, more = '') => {
    const path = write('plugin', `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    const file = write(
      'exec',
      `${config({}).replace(/users:.*/, '')}
users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin, args: [one, "two words"], env: [{name: EXTRA, value: given}], ${more}}}}]`,
    );
    return accountOf(sources([file]), 'a');
  };
  const run = (account: ReturnType<typeof plugin>, env = {}) => {
    if (!account.user.exec) throw new Error('No plugin');
    return runPlugin(account, account.user.exec, { PATH: process.env.PATH, ...env });
  };

  test('are asked with their arguments, a filtered environment and no terminal', async () => {
    const account = plugin(
      `env > "${folder}/env"; echo "$1/$2" > "${folder}/args"
echo '{"kind":"ExecCredential","status":{"token":"abc","expirationTimestamp":"2030-01-01T00:00:00Z"}}'`,
      'provideClusterInfo: true',
    );
    const got = await run(account, { HIDDEN: 'no', AWS_PROFILE: 'prod' });
    expect(got).toMatchObject({ token: 'abc', expiresAt: Date.parse('2030-01-01T00:00:00Z') });
    expect(readFileSync(join(folder, 'args'), 'utf8').trim()).toBe('one/two words');
    const env = readFileSync(join(folder, 'env'), 'utf8');
    expect(env).toContain('EXTRA=given');
    expect(env).toContain('AWS_PROFILE=prod');
    expect(env).toContain('"interactive":false');
    expect(env).toContain('"server":"https://a.example:6443"');
    expect(env).not.toContain('HIDDEN');
  });

  test.each([
    ['exit 3', 'exit code 3'],
    ['echo not json', 'no ExecCredential'],
    [`echo '{"kind":"ExecCredential","status":{}}'`, 'neither a token'],
    ['echo "please log in" >&2; exit 1', 'please log in'],
    ['yes | head -c 3000000', 'more than 1 MiB'],
  ])('that fail by %j are named with the reason', async (script, reason) => {
    const problem = await run(plugin(script)).then(() => null, toProblem);
    expect(problem).toMatchObject({ code: 'kubernetes-plugin-failed' });
    expect(problem?.what).toContain(reason);
  });

  test('that are missing or want a person are named too', async () => {
    const account = plugin('true', 'interactiveMode: Always');
    await expect(run(account)).rejects.toThrow('no terminal');
    const missing = plugin('true', 'installHint: Install the plugin.');
    if (missing.user.exec) missing.user.exec.command = '/absent/plugin';
    await expect(run(missing)).rejects.toThrow('Install the plugin');
  });

  test('end when they are cancelled', async () => {
    const account = plugin(`sleep 60 & echo $! > "${folder}/child"; wait`);
    if (!account.user.exec) throw new Error('No plugin');
    const cancel = new AbortController();
    const asked = runPlugin(account, account.user.exec, { PATH: process.env.PATH }, cancel.signal);
    asked.catch(() => undefined);
    await expect.poll(() => existsSync(join(folder, 'child'))).toBe(true);
    cancel.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${child}/exe`)).toBe(false);
  });
});
