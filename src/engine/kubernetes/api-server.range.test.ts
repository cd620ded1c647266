import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Spec } from '../../core/actions/kind.ts';
import { kubernetesVerbs } from '../../core/actions/kinds/kubernetes.ts';
import {
  type Bench,
  connectTo,
  deployment,
  openBench,
  podSpec,
  problemOf,
  range,
} from './test/range.ts';
import { openSecondCluster, type SecondCluster } from './test/second-cluster.ts';

/**
 * An API server that is really ended and started again, in the middle of a step and between two of
 * its requests. It is one of the test's own without a node, so that nobody else notices: verbs that
 * need a pod have their outages in the other tests of faults.
 */
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } };
const configMap = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  ...{ metadata: { name }, data: { a: '1' } },
});
const many = Array.from({ length: 400 }, (_, index) => configMap(`many-${index}`));
const suspended = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'work' },
  // Nothing here makes its pods.
  spec: { template: { spec: { ...podSpec('none'), restartPolicy: 'Never' } } },
};

describe.skipIf(range === null)('an API server that ends', { timeout: 90_000 }, () => {
  let second: SecondCluster | null = null;
  let bench: Bench | null = null;
  beforeAll(async () => {
    if (range === null) return;
    second = await openSecondCluster(range);
    if (second === null) return;
    bench = await openBench({ ...range, kubeconfig: second.kubeconfig });
    await bench.apply(node, deployment('a', 1), deployment('b', 1));
    await bench.apply(...['one', 'two', 'three', 'gone'].map(configMap));
  }, 90_000);
  afterAll(() => second?.close());

  test('holds every step up and breaks none: what was asked for is done, once', async (context) => {
    if (second === null || bench === null) return context.skip();
    const given = bench;
    const applied = given.act({ apply: many });
    await new Promise((resolve) => setTimeout(resolve, 150));
    await second.stopApiServer();
    const steps: [string, Spec][] = [
      ['get', { get: 'configmap/one' }],
      ['wait', { wait: 'configmap/one', for: 'jsonpath={.data.a}=1' }],
      ['scale', { scale: 'deployment/a', replicas: 3, settle: false }],
      ['restart', { restart: 'deployment/b', settle: false }],
      ['patch', { patch: 'configmap/one', with: { data: { b: '2' } } }],
      ['delete', { delete: 'configmap/gone' }],
      ['label', { label: 'configmap/two', set: { x: 'y' } }],
      ['annotate', { annotate: 'configmap/two', set: { x: 'y' } }],
      ['secret', { secret: 'kept', data: { password: 'env:ONE' } }],
      ['create-job', { 'create-job': suspended, settle: false }],
      ['cordon', { cordon: 'node-1' }],
      ['drain', { drain: 'node-1' }],
    ];
    const done = Promise.all(
      steps.map(([, body]) => given.act(body, { secrets: { 'env:ONE': 'hunter22' } })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    second.startApiServer();
    await applied;
    expect((await done).map(({ summary }) => summary)).not.toContain('');
    await given.act({ uncordon: 'node-1' });

    for (const { metadata } of many) expect(await given.find(`cm/${metadata.name}`)).not.toBeNull();
    expect((await given.find('deployment/a'))?.spec).toMatchObject({ replicas: 3 });
    expect((await given.find('deployment/b'))?.metadata.generation).toBe(2);
    expect((await given.find('cm/one'))?.data).toEqual({ a: '1', b: '2' });
    expect(await given.find('cm/gone')).toBeNull();
    const changed = (await given.find('cm/two'))?.metadata;
    expect(changed).toMatchObject({ labels: { x: 'y' }, annotations: { x: 'y' } });
    expect(await given.find('secret/kept')).not.toBeNull();
    expect(await given.find('job/work')).not.toBeNull();
  });

  test('and stays away: a typed problem, what is safe, and a retry that works', async (context) => {
    if (second === null || bench === null) return context.skip();
    await second.stopApiServer();
    const body: Spec = { scale: 'deployment/a', replicas: 1, settle: false };
    expect(await problemOf(bench.act(body, { timeoutMs: 3_000 }))).toMatchObject({
      code: 'kubernetes-unreachable',
      safe: expect.stringContaining('Nothing was changed'),
      next: expect.stringContaining('retry'),
    });
    second.startApiServer();
    await bench.act(body);
    expect((await bench.find('deployment/a'))?.spec).toMatchObject({ replicas: 1 });
  });

  /** A kubeconfig of the same cluster for another account. */
  function kubeconfigOf(given: Bench, user: Record<string, string>): string {
    const config = parse(readFileSync(given.range.kubeconfig, 'utf8'));
    config.users[0].user = { ...config.users[0].user, ...user };
    const path = join(given.folder, `${Object.keys(user)[0]}.kubeconfig`);
    writeFileSync(path, stringify(config), { mode: 0o600 });
    return path;
  }

  test('forbids each verb to an account without rights, with its name and nothing changed', async (context) => {
    if (bench === null) return context.skip();
    const given = bench;
    const { range: place, folder } = given;
    writeFileSync(join(folder, 'file'), 'x');
    const connection = connectTo(kubeconfigOf(given, { as: 'nobody' }), place.context);
    const bodies: Record<string, Spec | undefined> = {
      apply: { apply: configMap('forbidden') },
      secret: { secret: 'forbidden', data: { password: 'env:ONE' } },
      'copy-in': { 'copy-in': 'pod/orders-db', from: 'file', path: '/tmp/in' },
      'create-job': { 'create-job': suspended },
      'port-forward': { 'port-forward': 'pod/box', port: 80, id: 'x' },
    };
    for (const [verb, { examples }] of Object.entries(kubernetesVerbs)) {
      const body = bodies[verb] ?? (parse(examples[0] ?? '') as Spec);
      const asked = given.act(body, {
        target: { kubernetes: async () => connection },
        secrets: { 'env:ONE': 'hunter22' },
        timeoutMs: 20_000,
      });
      const problem = await problemOf(asked);
      expect([verb, problem.code]).toEqual([verb, 'kubernetes-forbidden']);
      expect(problem.what).toContain('nobody');
      expect(problem.safe).toContain('Nothing was changed');
      expect(problem.next).toContain('retry');
    }
    connection.close();
    expect(await given.find('cm/forbidden')).toBeNull();
    expect(await given.find('secret/forbidden')).toBeNull();
  });

  test('says that a token was revoked in the middle of a step, and goes on with a new one', async (context) => {
    if (bench === null) return context.skip();
    const given = bench;
    const { range: place, namespace } = given;
    const subjects = [{ kind: 'ServiceAccount', name: 'operator', namespace }];
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator' } };
    const token = (): string =>
      execFileSync('kubectl', [
        ...[`--kubeconfig=${place.kubeconfig}`, `--context=${place.context}`],
        ...['create', 'token', 'operator', `--namespace=${namespace}`],
      ])
        .toString()
        .trim();
    await given.apply(account, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'operator' },
      subjects,
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
    });
    const by = (fresh: string) => {
      const connection = connectTo(kubeconfigOf(given, { token: fresh }), place.context);
      return { target: { kubernetes: async () => connection }, timeoutMs: 40_000 };
    };
    const body: Spec = { wait: 'configmap/three', for: 'jsonpath={.data.done}=yes' };
    const waiting = problemOf(given.act(body, by(token())));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await given.act({ delete: 'serviceaccount/operator' });
    expect(await waiting).toMatchObject({
      code: 'kubernetes-unauthorized',
      safe: expect.stringContaining('Nothing was changed'),
      next: expect.stringContaining('Sign in again'),
    });
    await given.apply(account);
    const again = given.act(body, by(token()));
    await given.act({ patch: 'configmap/three', with: { data: { done: 'yes' } } });
    await again;
  });
});
