import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// MUSTER_HOME is where the person's own runs are.
const allowed = new RegExp(
  `^(${[
    'PATH|SHELL|LANG|LC_.*|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CI|MUSTER_(?!HOME$).*',
    'DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|TMPDIR|TEMP|TMP|SystemRoot|windir|ComSpec|PATHEXT',
  ].join('|')})$`,
  'i',
);

/**
 * Does some work in an environment that holds none of the person's credentials, with a home
 * folder that is empty and goes away afterwards. No test and no test runtime starts without it.
 *
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function isolated(work) {
  const home = mkdtempSync(join(tmpdir(), 'muster-home-'));
  // A process that is just ending may still be writing.
  const remove = () =>
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  process.once('exit', remove);
  try {
    return await work(isolatedEnvironment(process.env, home));
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {NodeJS.ProcessEnv}
 */
export function isolatedEnvironment(env, home) {
  /** @param {string} name */
  const folder = (name) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => allowed.test(name))),
    // A relative name is looked for in XDG_RUNTIME_DIR, which is another one from here on.
    ...(env.WAYLAND_DISPLAY && {
      WAYLAND_DISPLAY: resolve(env.XDG_RUNTIME_DIR ?? '', env.WAYLAND_DISPLAY),
    }),
    HOME: home,
    USERPROFILE: home,
    APPDATA: folder('AppData/Roaming'),
    LOCALAPPDATA: folder('AppData/Local'),
    XDG_CONFIG_HOME: folder('.config'),
    XDG_DATA_HOME: folder('.local/share'),
    XDG_STATE_HOME: folder('.local/state'),
    XDG_CACHE_HOME: folder('.cache'),
    XDG_RUNTIME_DIR: folder('.runtime'),
  };
}
