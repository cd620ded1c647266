import { writeFileSync } from 'node:fs';
import { MusterError } from '../../core/problem.ts';

/** Writes a file that was not there before; one that is there stays as it is. Throws MusterError. */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') {
      throw new MusterError({
        code: 'file-exists',
        what: `There is already a file ${path}.`,
        safe: 'It was not changed.',
        next: 'Move it away, or name another file on the command line with --out.',
        place: { file: path },
      });
    }
    throw new MusterError({
      code: 'file-not-written',
      what: `The file ${path} cannot be written.`,
      safe: 'Nothing was changed.',
      next: 'Ask for permission to write to its folder, or name a file elsewhere on the command line with --out.',
      place: { file: path },
      detail: String(error),
    });
  }
}
