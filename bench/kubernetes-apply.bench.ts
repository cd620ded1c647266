import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { yaml } from '../src/engine/kubernetes/test/range.ts';
import { clusterForBench, kubectl } from './cluster.ts';
import { goal, median } from './measure.ts';

/**
 * 500 objects applied, new and then changed, against `kubectl apply` of the same file in the same
 * namespace. Goal: at most half its time. Ours reads each object before and writes a difference.
 */
const OBJECTS = 500;
const ROUNDS = 3;

const objects = (prefix: string, round: number) =>
  Array.from({ length: OBJECTS }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${prefix}-${index}`, labels: { bench: prefix } },
    data: { round: String(round), text: 'x'.repeat(500) },
  }));

const bench = await clusterForBench();
if (bench) {
  try {
    const file = join(bench.folder, 'objects.yaml');
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      writeFileSync(file, yaml(...objects('ours', round)));
      const began = performance.now();
      await bench.act({ apply: file });
      ours.push(performance.now() - began);
      writeFileSync(file, yaml(...objects('theirs', round)));
      theirs.push(kubectl(bench, ['apply', '-f', file]).ms);
    }
    const show = (values: number[]): string => values.map((ms) => ms.toFixed(0)).join(', ');
    console.log(`muster: ${show(ours)} ms (created, changed, changed)`);
    console.log(`kubectl apply: ${show(theirs)} ms`);
    goal('apply, muster / kubectl', median(ours) / median(theirs), 'times', { atMost: 0.5 });
  } finally {
    await bench.close();
  }
}
