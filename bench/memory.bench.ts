import { setTimeout as delay } from 'node:timers/promises';
import { withFolder } from './electron.ts';
import { goal, median } from './measure.ts';
import { prepareWindows, type Shown } from './windows.ts';

/**
 * What the app costs in memory: the proportional size of all its processes some seconds after the
 * library with 50 runbooks was shown, against an empty window of the same Electron, in turns.
 * Goal: at most 1.3 times.
 */
const PAIRS = 5;
const SETTLED_MS = 5_000;

async function megabytes(start: () => Promise<Shown>): Promise<number> {
  const { app } = await start();
  await delay(SETTLED_MS);
  const memory = app.memory();
  await app.close();
  return memory;
}

if (process.platform === 'linux') {
  await withFolder(async (folder) => {
    const windows = await prepareWindows(folder);
    const ours: number[] = [];
    const empty: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      empty.push(await megabytes(windows.empty));
      ours.push(await megabytes(windows.muster));
    }
    console.log(`empty window            ${median(empty).toFixed(0)} MB`);
    console.log(`library, 50 runbooks    ${median(ours).toFixed(0)} MB`);
    goal('memory / empty', median(ours) / median(empty), 'times', { atMost: 1.3 });
  });
} else {
  console.log('Proportional memory is known on Linux alone: not measured.');
}
