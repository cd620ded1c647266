import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusive.mjs';
import { node24, root, withoutLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

/**
 * Makes node_modules what package-lock.json says. Output goes to stderr, so that a command's
 * own stdout stays clean.
 *
 * @throws {Error} with npm's own words when it fails
 */
export async function install() {
  if (isInstalled()) return;
  await exclusively('install', async () => {
    if (isInstalled()) return;
    console.error('Installing packages…');
    if (!isLockInstalled()) await npm(['ci']);
    // Install scripts are off (.npmrc), for npm would compile better-sqlite3, which brings its
    // binaries along. Node 24 alone needs its script: it fetches the binary for this machine.
    await npm(['rebuild', 'node', '--ignore-scripts=false']);
  });
}

/** @param {string[]} args */
async function npm(args) {
  const { ok, output } = await run('npm', args, { env: withoutLocalTools(process.env) });
  if (!ok) throw new Error(`The packages could not be installed.\n${output.trim()}`);
}

function isInstalled() {
  return existsSync(node24) && isLockInstalled();
}

/**
 * npm writes node_modules/.package-lock.json last, and into it what it really installed:
 * comparing it with the lock file needs no stamp of our own and sees an `npm install` too.
 */
function isLockInstalled() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedLock);
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const found = installed[folder];
    // Packages for other platforms are in the lock file and not on the disk.
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}
