import { withFolder } from './electron.ts';
import { goal, median } from './measure.ts';
import { prepareWindows, type Shown } from './windows.ts';

/**
 * How soon the window answers: from the start of the process until the library with 50 runbooks is
 * drawn and has answered a key, against an empty window of the same Electron, in turns.
 * Goal: at most 1.3 times.
 */
const PAIRS = 9;

async function interactive(start: () => Promise<Shown>): Promise<number> {
  const { app, interactive } = await start();
  await app.close();
  return interactive;
}

await withFolder(async (folder) => {
  const windows = await prepareWindows(folder);
  const ours: number[] = [];
  const empty: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    empty.push(await interactive(windows.empty));
    ours.push(await interactive(windows.muster));
  }
  const listed = (values: number[]): string =>
    `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`;
  console.log(`empty window            ${listed(empty)}`);
  console.log(`library, 50 runbooks    ${listed(ours)}`);
  goal('interactive / empty', median(ours) / median(empty), 'times', { atMost: 1.3 });
});
