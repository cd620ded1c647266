import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Spec } from '../../core/actions/kind.ts';
import type { KubernetesVerb } from '../../core/actions/kinds/kubernetes.ts';
import { clusterIdentity } from './identity.ts';
import { objectSchema } from './objects/object.ts';
import { type FaultProxy, openFaultProxy } from './test/fault-proxy.ts';
import {
  type Bench,
  connectTo,
  deployment,
  openBench,
  pauseApiServer,
  pod,
  problemOf,
  range,
} from './test/range.ts';

/**
 * What happens when the API server goes in the middle of each verb. A proxy of the test's own breaks
 * the connections, so that nobody else on the cluster notices; one test stops the real API server
 * for five seconds.
 */
describe.skipIf(range === null)('a cluster that fails', { timeout: 80_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range === null) return;
    bench = await openBench(range);
    writeFileSync(join(bench.folder, 'file'), randomBytes(3_000_000));
    await bench.apply(
      pod('box'),
      pod('gone'),
      deployment('a', 1),
      deployment('b', 1),
      deployment('c', 1),
      ...nodes,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { a: '1' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two' }, data: { a: '1' } },
    );
    await bench.act({ 'rollout-status': ['deploy/a', 'deploy/b', 'deploy/c'] });
    await bench.act({ wait: ['pod/box', 'pod/gone'], for: 'condition=Ready' });
    const container = { name: 'main', command: ['sleep', '99999'] };
    await bench.act({
      patch: 'deploy/c',
      with: { spec: { template: { spec: { containers: [container] } } } },
    });
    await bench.act({
      exec: 'pod/box',
      command: ['sh', '-c', 'head -c 80000000 /dev/urandom > /tmp/big'],
    });
  }, 60_000);
  afterAll(async () => {
    await bench?.act({ delete: nodes.map(({ metadata }) => `node/${metadata.name}`) });
    await bench?.close();
  });

  /** Does a step through a proxy of its own. */
  async function through<T>(
    work: (proxy: FaultProxy, act: Bench['act']) => Promise<T>,
  ): Promise<T> {
    const proxy = await openFaultProxy(bench.range.kubeconfig, bench.folder);
    const connection = connectTo(proxy.kubeconfig, bench.range.context);
    try {
      return await work(proxy, (body, options) =>
        bench.act(body, { ...options, target: { kubernetes: async () => connection } }),
      );
    } finally {
      connection.close();
      proxy.close();
    }
  }

  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'main',
              image: range?.image,
              imagePullPolicy: 'Never',
              command: ['sleep', '2'],
            },
          ],
        },
      },
    },
  };
  /** Nodes without a machine, so that the ones with pods stay as they are. */
  const mark = randomBytes(4).toString('hex');
  const [taking, closed, emptied] = ['taking', 'closed', 'emptied'].map(
    (name) => `muster-${name}-${mark}`,
  );
  const nodes = [taking, closed, emptied].map((name) => ({
    ...{ apiVersion: 'v1', kind: 'Node' },
    ...{ metadata: { name }, spec: { unschedulable: name === closed } },
  }));
  const many = Array.from({ length: 40 }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `many-${index}` },
    data: { index: String(index) },
  }));

  // So many requests into the verb the answer and all connections are lost. A program is not run
  // again, so `exec` has a test of its own.
  const verbs: Record<Exclude<KubernetesVerb, 'exec'>, [messages: number, body: Spec]> = {
    get: [1, { get: 'deployment/a' }],
    wait: [1, { wait: 'pod/box', for: 'condition=Ready' }],
    logs: [2, { logs: 'pod/box' }],
    scale: [4, { scale: 'deployment/a', replicas: 2 }],
    restart: [3, { restart: 'deployment/b' }],
    'rollout-status': [1, { 'rollout-status': 'deployment/b' }],
    'undo-rollout': [3, { 'undo-rollout': 'deployment/c' }],
    apply: [12, { apply: many }],
    patch: [2, { patch: 'cm/one', with: { data: { b: '2' } } }],
    delete: [2, { delete: 'pod/gone' }],
    label: [2, { label: 'cm/two', set: { x: 'y' } }],
    annotate: [2, { annotate: 'cm/two', set: { x: 'y' } }],
    'create-job': [1, { 'create-job': job }],
    'copy-out': [6, { 'copy-out': 'pod/box', path: '/tmp/big', to: 'big' }],
    'copy-in': [20, { 'copy-in': 'pod/box', from: 'file', path: '/tmp/file' }],
    'port-forward': [1, { 'port-forward': 'pod/box', port: 80, id: 'x' }],
    secret: [2, { secret: 'kept', data: { password: 'env:ONE' } }],
    cordon: [2, { cordon: taking }],
    uncordon: [2, { uncordon: closed }],
    drain: [2, { drain: emptied }],
  };
  test.concurrent.each(Object.entries(verbs))(
    '%s goes on when the API server comes back',
    (_, [messages, body]) =>
      through(async (proxy, act) => {
        // What the cluster serves is learnt before, so that the numbers are those of the verb itself.
        await act({ get: 'configmaps' });
        const back = proxy.cutAfter(messages, 1_500);
        const done = await act(body, { secrets: { 'env:ONE': 'hunter22' } });
        expect(done.summary).not.toBe('');
        expect(proxy.cuts).toBeGreaterThan(0);
        await back;
      }),
  );

  test('what was done through the outages is what was asked for', async () => {
    expect((await bench.find('deployment/a'))?.spec).toMatchObject({ replicas: 2 });
    expect((await bench.find('cm/one'))?.data).toEqual({ a: '1', b: '2' });
    expect(await bench.find('pod/gone')).toBeNull();
    expect(await bench.find('secret/kept')).not.toBeNull();
    expect((await bench.find('job/work'))?.status).toMatchObject({ succeeded: 1 });
    for (const { metadata } of many) expect(await bench.find(`cm/${metadata.name}`)).not.toBeNull();
  });

  test('a change whose answer was lost is looked up and not made twice', async () => {
    await through(async (proxy, act) => {
      // What the cluster serves is learnt before, so that the next message is the change itself.
      await act({ get: 'jobs' });
      const { client } = connectTo(proxy.kubeconfig, bench.range.context);
      const path = `/apis/batch/v1/namespaces/${bench.namespace}/jobs`;
      const once = { ...job, metadata: { name: 'once' } };
      let looks = 0;
      await client.read('/version', { doing: 'connect', schema: z.unknown() });
      proxy.loseNextAnswer();
      const made = await client.change(path, {
        method: 'POST',
        body: once,
        doing: 'create a job',
        schema: objectSchema,
        async lookUp() {
          looks += 1;
          return bench.find('job/once');
        },
      });
      expect(proxy.cuts).toBe(1);
      expect(looks).toBe(1);
      expect(made.metadata.name).toBe('once');
    });
  });

  test('a program whose connection broke is not run again, and its end is unknown', async () => {
    await through(async (proxy, act) => {
      const asked = act({
        exec: 'pod/box',
        command: ['sh', '-c', 'echo one >> /tmp/count; sleep 3'],
      });
      const problem = problemOf(asked);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      proxy.set('refuse');
      proxy.set('pass');
      expect(await problem).toMatchObject({ code: 'kubernetes-stream-broken' });
      const count = await bench.act({ exec: 'pod/box', command: ['cat', '/tmp/count'] });
      expect(count.values.stdout).toBe('one');
    });
  });

  test('a server that accepts and never answers ends with a problem that says so', async () => {
    await through(async (proxy, act) => {
      proxy.set('silent');
      const problem = await problemOf(act({ get: 'cm/one' }, { timeoutMs: 15_000 }));
      expect(problem.code).toBe('kubernetes-silent');
      expect(problem.safe).toContain('Nothing was changed');
    });
  });

  test('a server that is not there ends with a problem that says so, and a cancel ends it at once', async () => {
    await through(async (proxy, act) => {
      proxy.set('refuse');
      const problem = await problemOf(
        act({ scale: 'deploy/a', replicas: 1 }, { timeoutMs: 4_000 }),
      );
      expect(problem.code).toBe('kubernetes-unreachable');
      const cancel = new AbortController();
      const asked = act({ get: 'cm/one' }, { signal: cancel.signal });
      setTimeout(() => cancel.abort(new Error('cancelled by a person')), 500);
      await expect(asked).rejects.toThrow('cancelled by a person');
    });
  });

  test('goes on when the real API server stops for five seconds', async () => {
    const asked = Promise.all([
      bench.act({ scale: 'deployment/a', replicas: 1 }),
      bench.act({ apply: many.map((one) => ({ ...one, data: { changed: 'yes' } })) }),
      bench.act({ exec: 'pod/box', command: ['sleep', '3'] }),
      bench.act({ 'copy-out': 'pod/box', path: '/tmp/big', to: 'big2' }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await pauseApiServer(bench.range, 5_000);
    await asked;
    expect((await bench.find('cm/many-7'))?.data).toEqual({ changed: 'yes' });
  });

  test('the identity of a cluster is its UID, and whoever does not answer has none', async () => {
    const identity = await clusterIdentity(bench.connection);
    expect(identity.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(identity.server).toBe(bench.connection.server);
  });
});
