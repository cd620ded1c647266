import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { type Bench, deployment, openBench, podSpec, problemOf, range } from './test/range.ts';
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
});
