import { writeSync } from 'node:fs';
import { openStore } from '../open.ts';
import { addRun, bytes, next, note } from './events.ts';

/**
 * A process of its own for the tests: writes transactions of two events and one output chunk to a
 * run, for ever or `count` times, and prints the last sequence number after each one returned.
 */
const [home = '', run = '', count = 'Infinity'] = process.argv.slice(2);
const store = openStore(home);
if (store.runs.get(run) === null) addRun(store, run);

let last = store.events.read(run).at(-1) ?? null;
let { kept } = store.outputs.size(run, 'load', 1);
for (let i = 0; i < Number(count); i++) {
  const one = next(run, last, note(`one ${i}`));
  const two = next(run, one, note(`two ${i}`));
  const output = bytes(`line ${two.seq}\n`.repeat(50));
  store.transaction(() => {
    store.events.append([one, two]);
    const chunk = { run, step: 'load', attempt: 1, stream: 'out', at: kept } as const;
    store.outputs.append({ ...chunk, bytes: output, source: output.length });
  });
  kept += output.length;
  last = two;
  // Not through a stream of Node's: what is acknowledged must have left the process at once.
  writeSync(1, `${two.seq}\n`);
}
store.close();
