import { makeReport } from '../engine/report.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openWorkplace } from './workplace.ts';

/** `muster report RUN`: the report, on standard output. */
export async function report(id: string, format: 'html' | 'md' | 'json'): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    process.stdout.write(makeReport(store, id, format));
    return exitCodes.ok;
  } finally {
    store.close();
  }
}
