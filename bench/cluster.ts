import { spawnSync } from 'node:child_process';
import { type Bench, openBench, range } from '../src/engine/kubernetes/test/range.ts';

/** What the benchmarks on a cluster share. */

/** A namespace on the range's cluster, or null, with a word on it, where there is no range. */
export async function clusterForBench(): Promise<Bench | null> {
  if (range !== null) return openBench(range);
  console.log('MUSTER_RANGE is not set: not measured');
  return null;
}

/** Runs kubectl; how long it took in ms and its highest memory in MB. Throws where it fails. */
export function kubectl(bench: Bench, args: string[]): { ms: number; mb: number } {
  const began = performance.now();
  const { status, stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '%M', 'kubectl', '--kubeconfig', bench.range.kubeconfig, '-n', bench.namespace, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: 600_000 },
  );
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`kubectl ${args[0]} ended with ${status}: ${stderr}`);
  return { ms, mb: Number(stderr.trim().split('\n').at(-1)) / 1024 };
}
