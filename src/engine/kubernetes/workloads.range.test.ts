import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, deployment, openBench, podSpec, problemOf, range } from './test/range.ts';

/** On the range's real cluster, in a namespace of its own. */
describe.skipIf(range === null)('workloads on a cluster', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range === null) return;
    bench = await openBench(range);
    await bench.apply(deployment('orders', 2), deployment('roll', 1), {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        serviceName: 'db',
        replicas: 1,
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: podSpec(range.image) },
      },
    });
    await bench.act({ 'rollout-status': ['deployment/orders', 'deploy/roll', 'sts/db'] });
  }, 60_000);
  afterAll(async () => bench?.close());

  test('scales to zero, waits until the pods are gone, and back', async () => {
    const body = { scale: 'deployment/orders', replicas: 0 };
    const preview = await bench.preview(body);
    expect(preview.text).toContain('from 2 to 0');
    const done = await bench.act(body);
    expect(done.values).toMatchObject({ replicas: 0, 'replicas-before': 2 });
    const pods = await bench.act({ get: 'pods', selector: 'app=orders' });
    expect(pods.values.count).toBe(0);
    expect(done.context.kept.map(({ name }) => name)).toEqual([
      'before: deployment/orders',
      'after: deployment/orders',
    ]);
    expect(done.context.kept[0]?.content).not.toContain('managedFields');
    await bench.undo(body, done.before);
    const ready = await bench.act({ get: 'deploy/orders', jsonpath: '{.status.readyReplicas}' });
    expect(ready.values.value).toBe('2');
  });

  test('does not scale back what somebody else scaled since, and does nothing twice', async () => {
    const body = { scale: 'deploy/roll', replicas: 2, settle: false };
    const done = await bench.act(body);
    const other = { scale: 'deploy/roll', replicas: 3, settle: false };
    const byOther = await bench.act(other);
    const problem = await problemOf(bench.undo(body, done.before));
    expect(problem.code).toBe('kubernetes-changed-since');
    expect(problem.what).toContain('replicas is 3, the step left 2');
    expect((await bench.find('deploy/roll'))?.spec).toMatchObject({ replicas: 3 });
    await bench.undo(other, byOther.before);
    await bench.undo(body, done.before);
    const now = await bench.find('deploy/roll');
    expect(now?.spec).toMatchObject({ replicas: 1 });
    await bench.undo(body, done.before);
    expect((await bench.find('deploy/roll'))?.metadata.generation).toBe(now?.metadata.generation);
  });

  test('scales only from the number that is expected', async () => {
    const problem = await problemOf(bench.act({ scale: 'deploy/roll', replicas: 3, from: 7 }));
    expect(problem.code).toBe('kubernetes-replicas-differ');
  });

  test('restarts a workload: its pods are others', async () => {
    const names = async () => (await bench.act({ get: 'pods', selector: 'app=db' })).values.json;
    const before = JSON.parse(String(await names())).items[0].metadata.uid;
    await bench.act({ restart: 'statefulset/db' });
    const after = JSON.parse(String(await names())).items.map(
      (pod: { metadata: { uid: string } }) => pod.metadata.uid,
    );
    expect(after).not.toContain(before);
  });

  test.each(['deployment/roll', 'statefulset/db'])('rolls %s back and forth', async (object) => {
    const command = async () =>
      (await bench.act({ get: object, jsonpath: '{.spec.template.spec.containers[0].command}' }))
        .values.value;
    const before = await command();
    const container = { name: 'main', command: ['sleep', '1000000'] };
    const changed = { spec: { template: { spec: { containers: [container] } } } };
    await bench.act({ patch: object, with: changed });
    await bench.act({ 'rollout-status': object });
    const after = await command();
    expect(after).not.toBe(before);
    const body = { 'undo-rollout': object };
    const preview = await bench.preview(body);
    expect(preview.problem).toBeNull();
    expect(preview.detail).toContain('1000000');
    const done = await bench.act(body);
    expect(await command()).toBe(before);
    await bench.undo(body, done.before);
    expect(await command()).toBe(after);
  });

  test('takes a rollback back without what others did to the pods, and not against it', async () => {
    await bench.apply(deployment('twice', 1));
    const object = 'deployment/twice';
    const command = (seconds: string) => ({
      spec: { template: { spec: { containers: [{ name: 'main', command: ['sleep', seconds] }] } } },
    });
    const template = async () => JSON.stringify((await bench.find(object))?.spec);
    await bench.act({ patch: object, with: command('1000000') });
    await bench.act({ 'rollout-status': object });
    const body = { 'undo-rollout': object, settle: false };
    const done = await bench.act(body);
    expect(await template()).not.toContain('1000000');

    await bench.act({ restart: object, settle: false });
    const undone = await bench.undo(body, done.before);
    expect(undone.summary).toContain('back as they were');
    expect(await template()).toContain('1000000');
    expect(await template()).toContain('restartedAt');
    const left = (await bench.find(object))?.metadata.generation;
    expect((await bench.undo(body, done.before)).summary).toContain('Nothing to put back');
    expect((await bench.find(object))?.metadata.generation).toBe(left);

    const again = await bench.act(body);
    await bench.act({ patch: object, with: command('2000000') });
    const problem = await problemOf(bench.undo(body, again.before));
    expect(problem.code).toBe('kubernetes-changed-since');
    expect(problem.what).toContain('2000000');
    expect(await template()).toContain('2000000');
  });

  test('takes nothing back that the step did not change', async () => {
    await bench.apply(deployment('same', 1));
    const body = { scale: 'deploy/same', replicas: 2, settle: false };
    await bench.act(body);
    const same = await bench.act(body);
    await bench.act({ scale: 'deploy/same', replicas: 3, settle: false });
    expect((await bench.undo(body, same.before)).summary).toContain('Nothing to scale back');
    expect((await bench.find('deploy/same'))?.spec).toMatchObject({ replicas: 3 });
  });

  test('names the image that cannot be pulled instead of timing out', async () => {
    await bench.apply(deployment('broken', 1, 'docker.io/local/absent:1'));
    const problem = await problemOf(
      bench.act({ 'rollout-status': 'deployment/broken' }, { timeoutMs: 12_000 }),
    );
    expect(problem.code).toBe('kubernetes-stuck');
    expect(problem.what).toMatch(/ErrImageNeverPull on pod broken-\S+ for \d+ s/);
  });

  test('names an object that is near the one that is missing', async () => {
    const problem = await problemOf(bench.act({ scale: 'deployment/order', replicas: 1 }));
    expect(problem.code).toBe('kubernetes-not-found');
    expect(problem.next).toContain('orders');
    const kind = await problemOf(bench.act({ get: 'deploiment/orders' }));
    expect(kind.what).toContain('deployments');
  });
});
