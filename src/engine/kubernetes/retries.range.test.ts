import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { kubernetes } from '../steps/kubernetes.ts';
import { type Bench, deployment, openBench, pod, podSpec, range } from './test/range.ts';

/**
 * A try that changed something and did not succeed, and then one that does: the step's undo takes back
 * what both did.
 */
describe.skipIf(range === null)('a step that is tried again', { timeout: 60_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range !== null) bench = await openBench(range);
  }, 60_000);
  afterAll(() => bench?.close(), 60_000);

  /** Ends the try from outside once it has changed what it should; what it kept. */
  async function endedTry(
    body: Spec,
    hasChanged: () => Promise<boolean>,
    earlier: unknown = null,
  ): Promise<unknown> {
    const stop = new AbortController();
    const context = bench.context(body, { signal: stop.signal, earlier });
    const end = kubernetes.act(context as Parameters<typeof kubernetes.act>[0]).then(
      () => 'succeeded',
      () => 'ended',
    );
    const isFarEnough = async () => context.before !== undefined && (await hasChanged());
    await expect.poll(isFarEnough, { timeout: 20_000 }).toBe(true);
    stop.abort();
    expect(await end).toBe('ended');
    return context.before;
  }

  const specOf = async (object: string) =>
    (await bench.find(object))?.spec as
      | { replicas?: number; template?: { spec: { containers: { image: string }[] } } }
      | undefined;
  const imageOf = async (object: string) =>
    (await specOf(object))?.template?.spec.containers[0]?.image;

  test('scale', async () => {
    await bench.apply(deployment('wide'));
    // Nobody admits the second pod, so it is never as wide as it should be.
    await bench.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'narrow' },
      spec: { hard: { 'count/pods': '1' } },
    });
    const body = { scale: ['deployment/wide'], replicas: 2, from: 1 };
    const isAsked = async () => (await specOf('deployment/wide'))?.replicas === 2;
    const first = await endedTry(body, isAsked);
    await bench.act({ delete: ['resourcequota/narrow'] });
    const done = await bench.act({ ...body, settle: false }, { earlier: first });
    expect(done.summary).toContain('from 1 to 2');
    await bench.undo({ ...body, settle: false }, done.before);
    expect((await specOf('deployment/wide'))?.replicas).toBe(1);
  });

  test('apply', async () => {
    await bench.apply(deployment('app'), config('old'));
    const bad = deployment('app', 1, 'no-such-image:1');
    const body = { apply: [bad, config('new'), config('new', 'fresh')], settle: true };
    const first = await endedTry(body, async () => (await bench.find('configmap/fresh')) !== null);
    await expect.poll(() => imageOf('deployment/app')).toBe('no-such-image:1');
    // A third try knows it from the second.
    const settled = async () => (await imageOf('deployment/app')) === 'no-such-image:1';
    const second = await endedTry(body, settled, first);
    const done = await bench.act({ ...body, settle: false }, { earlier: second });
    expect(done.summary).toContain('0 created, 0 changed');
    await bench.undo({ ...body, settle: false }, done.before);
    expect(await imageOf('deployment/app')).toBe(range?.image);
    expect(await bench.find('configmap/fresh')).toBeNull();
    expect((await bench.find('configmap/settings'))?.data).toEqual({ value: 'old' });
  });

  test('delete', async () => {
    await bench.apply(config('one', 'first'), {
      ...(config('two', 'second') as object),
      metadata: { name: 'second', finalizers: ['muster.test/held'] },
    });
    const body = { delete: ['configmap/first', 'configmap/second'], 'missing-ok': true };
    const first = await endedTry(body, async () => {
      const held = await bench.find('configmap/second');
      return held?.metadata.deletionTimestamp !== undefined;
    });
    expect(await bench.find('configmap/first')).toBeNull();
    await bench.act({ patch: 'configmap/second', with: { metadata: { finalizers: null } } });
    const done = await bench.act(body, { earlier: first });
    await bench.undo(body, done.before);
    expect((await bench.find('configmap/first'))?.data).toEqual({ value: 'one' });
    expect((await bench.find('configmap/second'))?.data).toEqual({ value: 'two' });
  });

  test('label, where the selector no longer chooses what has its label', async () => {
    await bench.apply(pod('marked'));
    const body = {
      label: 'pods',
      selector: 'app=marked',
      set: { tier: 'gold' },
      remove: ['app'],
    };
    const kept = [{ object: 'pods/marked', values: { tier: null, app: 'marked' } }];
    await bench.act({ label: ['pod/marked'], set: { tier: 'gold' }, remove: ['app'] });
    await bench.apply({
      ...(pod('other') as object),
      metadata: { name: 'other', labels: { app: 'marked' } },
    });
    const done = await bench.act(body, { earlier: kept });
    await bench.undo(body, done.before);
    expect((await bench.find('pod/marked'))?.metadata.labels).toEqual({ app: 'marked' });
    expect((await bench.find('pod/other'))?.metadata.labels).toEqual({ app: 'marked' });
  });

  test('cordon', async () => {
    const nodes = await bench.cluster.list(await bench.cluster.ofKind('v1', 'Node'), null);
    const name = nodes[0]?.metadata.name ?? '';
    const body = { cordon: name };
    const done = await bench.act(body);
    try {
      const again = await bench.act(body, { earlier: done.context.before });
      expect(again.before).toEqual({ unschedulable: false });
      const kept = bench.context(body, { earlier: null });
      expect((await kubernetes.act(kept as Parameters<typeof kubernetes.act>[0])).before).toEqual({
        unschedulable: true,
      });
    } finally {
      await bench.act({ uncordon: name });
    }
  });

  test('undo-rollout does not roll forward again', async () => {
    await bench.apply(deployment('roll'));
    await bench.act({ apply: [deployment('roll', 1, 'no-such-image:1')], settle: false });
    const body = { 'undo-rollout': 'deployment/roll' };
    const rolled = async () => (await imageOf('deployment/roll')) === range?.image;
    const { context, ...once } = await bench.act({ ...body, settle: false });
    expect(await rolled()).toBe(true);
    const done = await bench.act(body, { earlier: context.before });
    expect(await rolled()).toBe(true);
    expect(done.before).toEqual(once.before);
    expect(done.context.lines.join('\n')).toContain('already');
    await bench.undo({ ...body, settle: false }, done.before);
    expect(await imageOf('deployment/roll')).toBe('no-such-image:1');
  });

  test('create-job takes up a job that runs, and makes one that failed anew', async () => {
    const job = (command: string[]) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'work' },
      spec: {
        backoffLimit: 0,
        template: { spec: { ...podSpec(range?.image ?? '', command), restartPolicy: 'Never' } },
      },
    });
    const slow = { 'create-job': job(['sleep', '8']) };
    const isThere = async () => (await bench.find('job/work')) !== null;
    const kept = await endedTry(slow, isThere);
    const { uid } = (await bench.find('job/work'))?.metadata ?? {};
    const taken = await bench.act(slow, { earlier: kept });
    expect(taken.before).toMatchObject({ uid });
    await bench.undo(slow, taken.before);
    await expect.poll(isThere, { timeout: 20_000 }).toBe(false);

    const bad = { 'create-job': job(['false']) };
    const context = bench.context(bad);
    await expect(
      kubernetes.act(context as Parameters<typeof kubernetes.act>[0]),
    ).rejects.toMatchObject({ problem: { code: 'kubernetes-job-ended' } });
    const again = bench.context(bad, { earlier: context.before });
    await expect(
      kubernetes.act(again as Parameters<typeof kubernetes.act>[0]),
    ).rejects.toMatchObject({ problem: { code: 'kubernetes-job-ended' } });
    expect(again.lines.join('\n')).toContain('which failed');
    // A job that no try of the step made stays.
    await expect(bench.act(bad)).rejects.toThrow(/exists/);
  });
});

function config(value: string, name = 'settings'): unknown {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
}
