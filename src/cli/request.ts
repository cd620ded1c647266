import { type ExitCode, exitCodes } from './exit-codes.ts';
import { writeNewText } from './text-file.ts';
import { openEngine, openWorkplace } from './workplace.ts';

/** `muster request RUN STEP`: what a colleague has to sign, as text for mail or chat. */
export async function request(
  run: string,
  step: string,
  options: { out?: string },
): Promise<ExitCode> {
  const store = openWorkplace();
  const engine = openEngine(store, null);
  try {
    const text = engine.requestApproval(run, step);
    if (options.out === undefined) process.stdout.write(text);
    else {
      writeNewText(options.out, text);
      process.stdout.write(`Send ${options.out} to your colleague.\n`);
    }
    return exitCodes.ok;
  } finally {
    await engine.close();
    store.close();
  }
}
