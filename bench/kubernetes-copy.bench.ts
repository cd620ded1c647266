import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sumOf } from '../src/engine/kubernetes/copy/in-file.ts';
import { pod } from '../src/engine/kubernetes/test/range.ts';
import { bundled } from './bundled.ts';
import { clusterForBench, kubectl } from './cluster.ts';
import { goal, median } from './measure.ts';

/**
 * 1 GB copied out of a pod, SHA-256 checked on both ends, in a process of its own, against
 * `kubectl cp`, which checks nothing. Goals: not slower, and memory at most its own plus 100 MB.
 */
const BYTES = 1_000_000_000;
const ROUNDS = 3;

await measure();

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
    const program = await bundled(bench.folder, 'copy-alone');
    const ours: { ms: number; mb: number }[] = [];
    const theirs: { ms: number; mb: number }[] = [];
    const checked: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { kubeconfig: config, context: name } = bench.range;
      const run = spawnSync(process.execPath, [program, config, name, bench.namespace, file], {
        encoding: 'utf8',
        timeout: 600_000,
      });
      if (run.status !== 0) throw new Error(run.stderr);
      ours.push(JSON.parse(run.stdout));
      rmSync(file);
      const copied = kubectl(bench, ['cp', 'box:/tmp/big', file]);
      theirs.push(copied);
      const began = performance.now();
      kubectl(bench, ['exec', 'box', '--', 'sha256sum', '/tmp/big']);
      await sumOf(file);
      checked.push(copied.ms + performance.now() - began);
      rmSync(file);
    }
    const show = (values: { ms: number; mb: number }[]): string =>
      values.map(({ ms, mb }) => `${(ms / 1000).toFixed(1)} s with ${mb.toFixed(0)} MB`).join(', ');
    console.log(`muster: ${show(ours)}`);
    console.log(`kubectl cp: ${show(theirs)}`);
    console.log(
      `kubectl cp and SHA-256 of both ends: ${checked.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`,
    );
    const ratio = median(ours.map(({ ms }) => ms)) / median(theirs.map(({ ms }) => ms));
    goal('copy of 1 GB, muster / kubectl cp', ratio, 'times', { atMost: 1 });
    const more = Math.max(...ours.map(({ mb }) => mb)) - Math.max(...theirs.map(({ mb }) => mb));
    goal("memory over kubectl's", more, 'MB', { atMost: 100 });
  } finally {
    await bench.close();
  }
}
