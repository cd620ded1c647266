import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MusterError } from '../../core/problem.ts';
import { readRunbook } from './read-runbook.ts';

/**
 * Puts `text` in the place of the runbook that has the hash `sha256` (hex). Nobody ever reads half
 * of it; links to it and its permissions stay. Throws MusterError, also when it has another hash.
 */
export async function replaceFile(path: string, sha256: string, text: string): Promise<void> {
  if ((await readRunbook(path)).sha256 !== sha256) throw changedMeanwhile(path);
  const real = await realpath(path);
  const beside = join(dirname(real), `.${basename(real)}.${process.pid}.tmp`);
  try {
    const { mode } = await stat(real);
    await writeFile(beside, text, { encoding: 'utf8', mode, flag: 'wx' });
    await rename(beside, real);
  } catch (error) {
    // What went wrong first is what counts.
    await rm(beside, { force: true }).catch(() => undefined);
    throw new MusterError({
      code: 'runbook-not-written',
      what: `${path} cannot be written.`,
      safe: 'The file is as it was.',
      next: 'Ask for permission to write it and its folder, or correct it by hand.',
      place: { file: path },
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function changedMeanwhile(path: string): MusterError {
  return new MusterError({
    code: 'runbook-changed',
    what: `${path} was changed while it was looked at.`,
    safe: 'Muster did not write it.',
    next: 'Look at the text as it is now, then try again.',
    place: { file: path },
  });
}
