import { MusterError } from '../core/problem.ts';
import {
  outputLimitsSchema,
  readOutputLimits,
  writeOutputLimits,
} from '../engine/output-limits.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openWorkplace } from './workplace.ts';

/** `muster output-limits`: how much of a step's output is kept, in bytes; sets what is given. */
export async function outputLimits(options: {
  start?: string;
  end?: string;
  json?: true;
}): Promise<ExitCode> {
  const store = openWorkplace();
  try {
    const before = readOutputLimits(store);
    const wanted = outputLimitsSchema.safeParse({
      startBytes: Number(options.start ?? before.startBytes),
      endBytes: Number(options.end ?? before.endBytes),
    });
    if (!wanted.success) throw new MusterError(invalid());
    const limits = wanted.data;
    if (options.start !== undefined || options.end !== undefined) writeOutputLimits(store, limits);
    const words = `Of an attempt's output the first ${limits.startBytes} bytes and the last ${limits.endBytes} are kept.`;
    process.stdout.write(`${options.json ? JSON.stringify(limits) : words}\n`);
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

function invalid() {
  return {
    code: 'output-limits-invalid',
    what: 'A limit is a whole number of bytes, from 1 to 1073741824.',
    safe: 'The limits are as they were.',
    next: 'Give it as a number, for example --end 16777216.',
  };
}
