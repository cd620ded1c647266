import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { refuseAttachment } from '../core/attachments/refusals.ts';
import { MusterError } from '../core/problem.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { pathOf } from './text-file.ts';
import { openEngine, openWorkplace } from './workplace.ts';

/** `muster attach RUN FILE…`: keeps files with a run, also after its end. */
export async function attach(
  run: string,
  files: string[],
  options: { step?: string },
): Promise<ExitCode> {
  // All of them are read first: one that cannot be attached leaves the others out too.
  const read = files.map((file) => ({ name: basename(file), bytes: contentOf(file) }));
  const store = openWorkplace();
  const engine = openEngine(store, null);
  try {
    for (const { name, bytes } of read) {
      await engine.attach(run, { step: options.step ?? null, name, bytes });
      process.stdout.write(`Attached ${name}.\n`);
    }
    return exitCodes.ok;
  } finally {
    await engine.close();
    store.close();
  }
}

function contentOf(file: string): Uint8Array {
  const path = pathOf(file);
  try {
    const problem = refuseAttachment(basename(file), statSync(path).size);
    if (problem) throw new MusterError(problem);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof MusterError) throw error;
    throw new MusterError({
      code: 'attachment-unreadable',
      what: `${file} could not be read. ${error instanceof Error ? error.message : String(error)}`,
      safe: 'Nothing was attached.',
      next: 'Check its name and its rights.',
      place: { file: path },
    });
  }
}
