import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that this checkout lies in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Things fetched or made once and kept between runs; outside node_modules, which `npm ci` empties. */
export const cacheFolder = join(root, '.cache');

/** What test runs write: reports, traces, screenshots. */
export const testResults = join(root, 'test-results');

const localBin = join(root, 'node_modules', '.bin');

/** Node 24 from the `node` package; it exists once the packages are installed. */
export const node24 = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * An environment in which the project's own tools, Node 24 among them, come first.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withLocalTools(env) {
  return { ...env, PATH: [localBin, env.PATH ?? ''].join(delimiter) };
}

/**
 * An environment without the folders that `npm run` puts first on the PATH. npm itself needs it
 * while it replaces node_modules, because the Node in there goes away under its feet; and the
 * steps of a runbook must find the person's own tools, not ours.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutLocalTools(env) {
  const folders = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !/node_modules[\\/](\.bin|.*node-gyp-bin)$/.test(folder));
  return { ...env, PATH: folders.join(delimiter) };
}
