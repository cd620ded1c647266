import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pod } from '../src/engine/kubernetes/test/range.ts';
import { watchWorkloads } from '../src/engine/kubernetes/watch/workloads.ts';
import { clusterForBench } from './cluster.ts';
import { goal } from './measure.ts';

/**
 * 1,000 pods watched while they change and are replaced all the time; the pods stay Pending, because
 * one node cannot run them. Goal: memory after the churn at most 10 MB over that before it.
 * `MUSTER_CHURN` is how long, in seconds; ten minutes is the goal's own time.
 */
const PODS = 1_000;
const CHURN_MS = Number(process.env.MUSTER_CHURN ?? 120) * 1_000;

// What is garbage by chance at a moment would be taken for growth, or hide it.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const heap = async (): Promise<number> => {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await pause(200);
  }
  return process.memoryUsage().heapUsed / 1e6;
};

const waiting = (index: number, round: number) => {
  const made = pod(`pod-${index}`) as { metadata: object; spec: object };
  return {
    ...made,
    metadata: { ...made.metadata, annotations: { round: String(round), text: 'x'.repeat(200) } },
    spec: { ...made.spec, nodeSelector: { absent: 'yes' } },
  };
};

const bench = await clusterForBench();
if (bench) {
  const stop = new AbortController();
  try {
    await bench.apply(...Array.from({ length: PODS }, (_, index) => waiting(index, 0)));
    let changes = 0;
    let pods = 0;
    const watching = watchWorkloads(
      bench.connection,
      [bench.namespace],
      (view) => {
        changes += 1;
        pods = view.pods.length;
      },
      stop.signal,
    );
    while (pods < PODS) await pause(200);
    const samples: number[] = [];
    const until = Date.now() + CHURN_MS;
    for (let round = 1; Date.now() < until || samples.length < 3; round += 1) {
      const part = Array.from({ length: 100 }, (_, index) => (round * 100 + index) % PODS);
      await bench.act({ delete: part.slice(0, 20).map((index) => `pod/pod-${index}`) });
      await bench.apply(...part.map((index) => waiting(index, round)));
      if (round % 5 === 0) samples.push(await heap());
    }
    const [first = 0] = samples;
    const last = samples.at(-1) ?? 0;
    console.log(`heap: ${samples.map((mb) => mb.toFixed(1)).join(', ')} MB; ${changes} views`);
    goal('growth under churn', last - first, 'MB', { atMost: 10 });
    stop.abort(new Error('done'));
    await watching;
  } finally {
    stop.abort(new Error('done'));
    await bench.close();
  }
}
