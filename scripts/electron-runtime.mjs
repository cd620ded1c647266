import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { node24, root } from './project.mjs';
import { run } from './run-command.mjs';

const packageFolder = join(root, 'node_modules', 'electron');

const executable =
  {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }[/** @type {string} */ (process.platform)] ?? 'electron';

/** @typedef {{ kind: 'own', path: string } | { kind: 'none', reason: string }} ElectronSearch */

/** @type {Promise<ElectronSearch> | undefined} */
let search;

/**
 * Electron as it is published: the one that ELECTRON_OVERRIDE_DIST_PATH names, the one
 * downloaded before, or a new download. A command asks once; a failed download is tried
 * again by the next command.
 */
export function ownElectron() {
  search ??= searchElectron();
  return search;
}

/** @returns {Promise<ElectronSearch>} */
async function searchElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, executable);
    if (existsSync(path)) return { kind: 'own', path };
    return { kind: 'none', reason: `ELECTRON_OVERRIDE_DIST_PATH holds no ${executable}.` };
  }
  const path = join(packageFolder, 'dist', executable);
  if (isDownloaded(path)) return { kind: 'own', path };
  console.error('Downloading Electron…');
  const { ok, output } = await run(node24, [join(packageFolder, 'install.js')]);
  if (ok && existsSync(path)) return { kind: 'own', path };
  return { kind: 'none', reason: `Electron could not be downloaded (${causeIn(output)}).` };
}

/**
 * A download of an older version, or one that broke off, does not count.
 *
 * @param {string} path
 */
function isDownloaded(path) {
  const versionFile = join(packageFolder, 'dist', 'version');
  if (!existsSync(path) || !existsSync(versionFile)) return false;
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') === version;
}

/**
 * The installer prints a stack; its first line says what failed.
 *
 * @param {string} output
 */
function causeIn(output) {
  return (
    output
      .trim()
      .split('\n')[0]
      ?.replace(/^\w*Error: /, '') || 'no reason given'
  );
}
