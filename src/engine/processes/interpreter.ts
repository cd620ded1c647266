import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The shell for a fence and how it is asked to run a file: stop at the first command that fails,
 * in `bash` also inside a pipe, and read no person's start files, so that a step does the same on
 * every machine. Null when the shell is not on `path`.
 */
export function findInterpreter(
  language: 'bash' | 'sh',
  path: string | undefined,
): [string, ...string[]] | null {
  const file = findProgram(language, path ?? '');
  if (!file) return null;
  return language === 'bash' ? [file, '--noprofile', '--norc', '-eo', 'pipefail'] : [file, '-e'];
}

/** The program that a shell would start for this name, or null when it is not on `path`. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
