import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freezeServer, isOwnProcess, stopServer } from '../test/range-process.ts';
import { type Bench, deployment, openBench, pod, problemOf, range } from './test/range.ts';

/** The kubelet of the only node is really ended or stopped, and goes on again. */
const mayStop = range !== null && isOwnProcess(range.logs, 'kubelet');

describe.skipIf(!mayStop)('a node that is lost', { timeout: 240_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    if (range === null) return;
    bench = await openBench(range);
    await bench.apply(pod('box'), pod('goes'));
    for (const name of ['box', 'goes']) {
      await bench.act({ wait: `pod/${name}`, for: 'condition=Ready' });
    }
    writeFileSync(join(bench.folder, 'given'), 'two\n');
    await bench.act({ exec: 'pod/box', command: ['sh', '-c', 'echo one > /tmp/count'] });
  }, 60_000);
  afterAll(async () => bench?.close());

  test('is named by what needs it, holds a copy and a log up, and a retry works once it is back', async () => {
    const node = (await bench.find('pod/box'))?.spec as { nodeName: string };
    const exec = { exec: 'pod/box', command: ['cat', '/tmp/count'] };
    const to = join(bench.folder, 'count');
    const timeoutMs = 8_000;
    const drain = { drain: node.nodeName, selector: 'app=goes', unmanaged: 'delete', grace: '5s' };
    const kubelet = await stopServer(bench.range.logs, 'kubelet');
    const held = Promise.all([
      bench.act({ 'copy-out': 'pod/box', path: '/tmp/count', to }),
      bench.act({ logs: 'pod/box' }),
      bench.act({ 'copy-in': 'pod/box', from: 'given', path: '/tmp/given' }),
    ]);
    held.catch(() => undefined);
    try {
      expect(await problemOf(bench.act(exec))).toMatchObject({
        code: 'kubernetes-node-unreachable',
        safe: expect.stringContaining('Nothing was changed'),
        next: expect.stringContaining('Ready'),
      });
      await bench.act({ wait: `node/${node.nodeName}`, for: 'condition=Ready=Unknown' });
      await bench.apply(deployment('late', 1));
      const [late, box] = await Promise.all([
        problemOf(bench.act({ 'rollout-status': 'deployment/late' }, { timeoutMs })),
        problemOf(bench.act({ wait: 'pod/box', for: 'condition=Ready' }, { timeoutMs })),
      ]);
      expect(late).toMatchObject({ code: 'kubernetes-stuck' });
      expect(late.what).toContain('node.kubernetes.io/unreachable');
      expect(box.what).toContain(`its node ${node.nodeName} does not answer`);
      const drained = await problemOf(bench.act(drain, { timeoutMs }));
      expect(drained).toMatchObject({ code: 'kubernetes-stuck' });
      expect(drained.what).toContain('pod/goes');
      expect(drained.what).toContain(`its node ${node.nodeName} does not answer`);
    } finally {
      kubelet.start();
      await bench.act({ uncordon: node.nodeName });
    }
    await bench.act({ wait: `node/${node.nodeName}`, for: 'condition=Ready' });
    await bench.act(drain).finally(() => bench.act({ uncordon: node.nodeName }));
    expect(await bench.find('pod/goes')).toBeNull();
    const [, log] = await held;
    expect(log.context.lines.join('\n')).toContain('does not reach');
    expect(readFileSync(to, 'utf8')).toBe('one\n');
    const given = { exec: 'pod/box', command: ['cat', '/tmp/given'] };
    expect((await bench.act(given)).values.stdout).toContain('two');
    expect((await bench.act(exec)).values.stdout).toContain('one');
    await bench.act({ 'rollout-status': 'deployment/late' });
  });

  test('that takes connections and answers nothing holds nobody up for ever', async () => {
    const to = join(bench.folder, 'frozen');
    const thaw = freezeServer(bench.range.logs, 'kubelet');
    const held = bench.act({ 'copy-out': 'pod/box', path: '/tmp/count', to });
    held.catch(() => undefined);
    try {
      const exec = { exec: 'pod/box', command: ['cat', '/tmp/count'] };
      expect(await problemOf(bench.act(exec))).toMatchObject({
        code: expect.stringMatching(/^kubernetes-(silent|node-unreachable)$/),
        safe: expect.stringContaining('Nothing was changed'),
      });
    } finally {
      thaw();
    }
    const { context } = await held;
    expect(context.lines.join('\n')).toContain('Going on.');
    expect(readFileSync(to, 'utf8')).toBe('one\n');
  });
});
