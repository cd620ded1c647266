import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve as absolute } from 'node:path';
import { longestBlock } from '../core/approval/armour.ts';
import { MusterError } from '../core/problem.ts';

/** Small text files that a person names on the command line. */

export function pathOf(file: string): string {
  return absolute(process.env.INIT_CWD ?? '.', file);
}

/** The text of a file, or of standard input for `-`. Throws MusterError. */
export function readText(file: string): string {
  try {
    if (file === '-') return readFileSync(0, 'utf8');
    const path = pathOf(file);
    // A text in UTF-8 has no more characters than bytes.
    if (statSync(path).size > 4 * longestBlock) throw new Error('It is too large.');
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw failed('file-unreadable', `${file} could not be read.`, file, error);
  }
}

/** Writes a new file for its owner alone; one that is there stays as it is. Throws MusterError. */
export function writeNewText(file: string, text: string): void {
  try {
    writeFileSync(pathOf(file), text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw failed('file-not-written', `${file} could not be written.`, file, error);
  }
}

function failed(code: string, what: string, file: string, error: unknown): MusterError {
  const why = error instanceof Error ? error.message : String(error);
  return new MusterError({
    code,
    what: `${what} ${why}`,
    safe: 'Nothing was changed.',
    next: 'Check the name and the rights of the file and its folder.',
    place: { file },
  });
}
