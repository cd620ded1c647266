import { verifyRun } from '../engine/record.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openWorkplace } from './workplace.ts';

/** `muster verify RUN`: recomputes the run's hash chain and names the first bad event. */
export async function verify(id: string, options: { json?: true }): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const check = verifyRun(store, id);
    if (options.json) process.stdout.write(`${JSON.stringify(check)}\n`);
    else if (check.bad) {
      const { seq, why } = check.bad;
      const words = `Run ${id}: event ${seq} does not verify. ${why} Events before it are sound.`;
      process.stdout.write(`${words}\n`);
    } else {
      process.stdout.write(`Run ${id}: all ${check.events} events verify. Head: ${check.head}\n`);
    }
    return check.bad ? exitCodes.failed : exitCodes.ok;
  } finally {
    store.close();
  }
}
