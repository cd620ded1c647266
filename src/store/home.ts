import { posix, win32 } from 'node:path';

/** Where Muster keeps its data: `MUSTER_HOME`, or the platform's folder for application data. */
export function musterHome(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const path = platform === 'win32' ? win32 : posix;
  if (env.MUSTER_HOME) return path.resolve(env.MUSTER_HOME);
  if (platform === 'win32') {
    return path.join(
      env.APPDATA ?? path.join(env.USERPROFILE ?? 'C:\\', 'AppData', 'Roaming'),
      'Muster',
    );
  }
  const user = env.HOME ?? '/';
  if (platform === 'darwin') return path.join(user, 'Library', 'Application Support', 'Muster');
  // The XDG specification says that a relative value is to be ignored.
  const data = env.XDG_DATA_HOME;
  return path.join(
    data && path.isAbsolute(data) ? data : path.join(user, '.local', 'share'),
    'muster',
  );
}
