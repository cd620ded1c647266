import { formatDateTime } from '../core/units.ts';
import { type ListedSummary, listRuns } from '../engine/record.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { zone } from './words.ts';
import { openWorkplace } from './workplace.ts';

/** `muster runs`: the runs on record, newest first. */
export async function runs(options: { json?: true }): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const list = listRuns(store);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    } else if (list.length === 0) {
      process.stdout.write('No run is on record. Begin with: muster practice\n');
    }
    for (const run of options.json ? [] : list) {
      const outcome = run.outcome ?? stateOf(run);
      const steps = `${run.stepsDone}/${run.stepsTotal} steps`;
      const when = formatDateTime(run.createdAt, zone);
      process.stdout.write(`${run.id}  ${outcome.padEnd(11)}  ${steps}  ${when}  ${run.title}\n`);
    }
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

function stateOf({ handedOver, driver }: ListedSummary): string {
  if (handedOver !== null) return 'handed over';
  return driver === 'nobody' ? 'stopped' : 'running';
}
