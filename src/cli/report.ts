import { once } from 'node:events';
import { exportLedger } from '../engine/export-ledger.ts';
import { makeReport } from '../engine/report.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openWorkplace } from './workplace.ts';

/** `muster report RUN`: the report, on standard output. `jsonl` is the ledger itself. */
export async function report(
  id: string,
  format: 'html' | 'md' | 'json' | 'jsonl',
): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const pieces = format === 'jsonl' ? exportLedger(store, id) : [makeReport(store, id, format)];
    for (const piece of pieces) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
    return exitCodes.ok;
  } finally {
    store.close();
  }
}
