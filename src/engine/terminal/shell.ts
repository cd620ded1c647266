import { accessSync, constants } from 'node:fs';
import { isAbsolute } from 'node:path';

/** The shell that a terminal of the operator's starts with. */
export function operatorShell(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  runs: (file: string) => boolean = isExecutable,
): { file: string; args: string[] } {
  if (platform === 'win32') return { file: 'powershell.exe', args: ['-NoLogo'] };
  const chosen = env.SHELL;
  const file = chosen && isAbsolute(chosen) && runs(chosen) ? chosen : '/bin/sh';
  // On macOS a terminal's shell is a login shell by custom: the profile sets the PATH there.
  return { file, args: platform === 'darwin' ? ['-l'] : [] };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
