import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pod } from '../src/engine/kubernetes/test/range.ts';
import { clusterForBench, kubectl } from './cluster.ts';
import { goal, median } from './measure.ts';

/**
 * 1 GB copied out of a pod, SHA-256 checked on both ends, in a process of its own, against
 * `kubectl cp`, which checks nothing. Goals: not slower, and memory at most its own plus 100 MB.
 */
const BYTES = 1_000_000_000;
const ROUNDS = 3;

const [, , mode, kubeconfig, context, namespace, to] = process.argv;
if (mode === 'copy') await copyAlone(kubeconfig ?? '', context ?? '', namespace ?? '', to ?? '');
else await measure();

async function copyAlone(config: string, name: string, within: string, file: string) {
  const { connectTo } = await import('../src/engine/kubernetes/test/range.ts');
  const { copyFileOut } = await import('../src/engine/kubernetes/copy/out-file.ts');
  const connection = connectTo(config, name);
  const began = performance.now();
  const { bytes, isVerified } = await copyFileOut(
    {
      connection,
      place: { namespace: within, pod: 'box', container: 'main' },
      signal: AbortSignal.timeout(600_000),
      log: console.error,
      progress: () => undefined,
    },
    '/tmp/big',
    file,
  );
  if (bytes !== BYTES || !isVerified) throw new Error('The copy is not what was asked for');
  connection.close();
  console.log(
    JSON.stringify({ ms: performance.now() - began, mb: process.resourceUsage().maxRSS / 1024 }),
  );
}

async function measure(): Promise<void> {
  const bench = await clusterForBench();
  if (!bench) return;
  try {
    await bench.apply(pod('box'));
    await bench.act({ wait: 'pod/box', for: 'condition=Ready' });
    await bench.act({
      exec: 'pod/box',
      command: ['sh', '-c', `head -c ${BYTES} /dev/urandom > /tmp/big`],
    });
    const file = join(bench.folder, 'big');
    const ours: { ms: number; mb: number }[] = [];
    const theirs: { ms: number; mb: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { kubeconfig: config, context: name } = bench.range;
      const run = spawnSync(
        process.execPath,
        [import.meta.filename, 'copy', config, name, bench.namespace, file],
        {
          encoding: 'utf8',
          timeout: 600_000,
        },
      );
      if (run.status !== 0) throw new Error(run.stderr);
      ours.push(JSON.parse(run.stdout));
      rmSync(file);
      theirs.push(kubectl(bench, ['cp', 'box:/tmp/big', file]));
      rmSync(file);
    }
    const show = (values: { ms: number; mb: number }[]): string =>
      values.map(({ ms, mb }) => `${(ms / 1000).toFixed(1)} s with ${mb.toFixed(0)} MB`).join(', ');
    console.log(`muster: ${show(ours)}`);
    console.log(`kubectl cp: ${show(theirs)}`);
    const ratio = median(ours.map(({ ms }) => ms)) / median(theirs.map(({ ms }) => ms));
    goal('copy of 1 GB, muster / kubectl cp', ratio, 'times', { atMost: 1 });
    const more = Math.max(...ours.map(({ mb }) => mb)) - Math.max(...theirs.map(({ mb }) => mb));
    goal("memory over kubectl's", more, 'MB', { atMost: 100 });
  } finally {
    await bench.close();
  }
}
