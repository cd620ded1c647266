import { readFileSync } from 'node:fs';
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
    await bench.apply(pod('box'));
    await bench.act({ wait: 'pod/box', for: 'condition=Ready' });
    await bench.act({ exec: 'pod/box', command: ['sh', '-c', 'echo one > /tmp/count'] });
  }, 60_000);
  afterAll(async () => bench?.close());

  test('is named by what needs it, holds a copy and a log up, and a retry works once it is back', async () => {
    const node = (await bench.find('pod/box'))?.spec as { nodeName: string };
    const exec = { exec: 'pod/box', command: ['cat', '/tmp/count'] };
    const to = join(bench.folder, 'count');
    const timeoutMs = 8_000;
    const kubelet = await stopServer(bench.range.logs, 'kubelet');
    const held = Promise.all([
      bench.act({ 'copy-out': 'pod/box', path: '/tmp/count', to }),
      bench.act({ logs: 'pod/box' }),
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
    } finally {
      kubelet.start();
    }
    await bench.act({ wait: `node/${node.nodeName}`, for: 'condition=Ready' });
    const [, log] = await held;
    expect(log.context.lines.join('\n')).toContain('does not reach');
    expect(readFileSync(to, 'utf8')).toBe('one\n');
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
