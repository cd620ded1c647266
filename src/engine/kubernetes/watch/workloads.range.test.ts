import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkloadsView } from '../../../core/kubernetes/workloads-view.ts';
import { openFaultProxy } from '../test/fault-proxy.ts';
import { type Bench, connectTo, deployment, openBench, range } from '../test/range.ts';
import { watchWorkloads } from './workloads.ts';

/** On the range's real cluster, in a namespace of its own. */
describe.skipIf(range === null)('watched workloads', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range !== null) bench = await openBench(range);
  }, 60_000);
  afterAll(async () => bench?.close());

  test('show what runs and why it does not, and keep what is known through an outage', async () => {
    const proxy = await openFaultProxy(bench.range.kubeconfig, bench.folder);
    const connection = connectTo(proxy.kubeconfig, bench.range.context);
    const stop = new AbortController();
    let view: WorkloadsView | null = null;
    let changes = 0;
    const watching = watchWorkloads(
      connection,
      [bench.namespace],
      (next) => {
        view = next;
        changes += 1;
      },
      stop.signal,
    );
    const until = (holds: (now: WorkloadsView) => boolean) =>
      expect
        .poll(() => view !== null && holds(view), { timeout: 25_000, interval: 100 })
        .toBe(true);

    await bench.apply(deployment('orders', 2), deployment('broken', 1, 'docker.io/local/absent:1'));
    await until(({ workloads }) =>
      workloads.some(({ name, ready }) => name === 'deployment/orders' && ready === 2),
    );
    await until(({ pods }) =>
      pods.some(
        ({ workload, reason, notReadySince }) =>
          workload === 'deployment/broken' &&
          reason === 'ErrImageNeverPull' &&
          notReadySince !== null,
      ),
    );
    await until(({ events }) =>
      events.some(({ isWarning, object }) => isWarning && object.startsWith('pod/broken-')),
    );

    proxy.set('refuse');
    await until(({ problem, workloads }) => problem !== null && workloads.length === 2);
    const lost = view as WorkloadsView | null;
    await bench.act({ scale: 'deployment/orders', replicas: 1 });
    await bench.act({ delete: 'deployment/broken' });
    const now = view as WorkloadsView | null;
    expect(now?.at).toBe(lost?.at);
    expect(now?.workloads).toHaveLength(2);

    proxy.set('pass');
    await until(
      ({ problem, workloads, pods, at }) =>
        problem === null && workloads.length === 1 && pods.length === 1 && at > (lost?.at ?? 0),
    );
    // Told together, not one by one.
    expect(changes).toBeLessThan(150);
    stop.abort(new Error('enough'));
    await watching;
    connection.close();
    proxy.close();
  });

  test('end with a problem where nothing may be read', async () => {
    const viewer = connectTo(bench.range.wrongTokenKubeconfig, bench.range.context);
    const watching = watchWorkloads(
      viewer,
      [bench.namespace],
      () => undefined,
      new AbortController().signal,
    );
    await expect(watching).rejects.toMatchObject({ problem: { code: 'kubernetes-unauthorized' } });
    viewer.close();
  });
});
