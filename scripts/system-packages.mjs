import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './project.mjs';
import { hasCommand, run } from './run-command.mjs';

/**
 * What a part of the toolchain needs from Debian or Ubuntu. Where a library has been renamed,
 * the names stand together, the newer one first.
 */
const packagesFor = {
  range: [['curl']],
  electron: [
    ['libgtk-3-0t64', 'libgtk-3-0'],
    ['libnss3'],
    ['libasound2t64', 'libasound2'],
    ['libgbm1'],
    ['libxss1'],
    ['libxtst6'],
    ['libdrm2'],
    ['libxkbcommon0'],
    ['libsecret-1-0'],
    ['libnotify4'],
  ],
  display: [['xvfb'], ['xauth']],
  compiler: [['g++']],
};

/** The commands by which a part is recognised where there is no dpkg to ask. */
const commandsFor = {
  range: ['curl'],
  electron: [],
  display: ['Xvfb', 'xauth'],
  compiler: ['g++'],
};

/** @typedef {keyof typeof packagesFor} Part */

/** Its message is what the person has to do. */
export class MissingSystemPackages extends Error {}

/**
 * Makes sure that the system packages are there: installs them as root on Debian and Ubuntu,
 * says elsewhere what to install.
 *
 * @param {Part[]} parts
 * @throws {MissingSystemPackages}
 */
export async function ensureSystemPackages(parts) {
  if (process.platform !== 'linux') return;
  if (!(await hasCommand('dpkg-query')) || !(await hasCommand('apt-get'))) {
    return requireCommands(parts);
  }
  let missing = await missingPackages(parts);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    const names = await Promise.all(missing.map(installable));
    throw new MissingSystemPackages(
      `System packages are missing. Run:\nsudo apt-get install -y ${names.join(' ')}`,
    );
  }
  console.error('Installing system packages…');
  await apt(['update']);
  const names = await Promise.all(missing.map(installable));
  await apt(['install', '-y', '--no-install-recommends', ...names]);
  missing = await missingPackages(parts);
  if (missing.length > 0) {
    throw new MissingSystemPackages(
      `apt-get could not install ${missing.flat().join(' ')}: see ${aptLog}`,
    );
  }
}

/** @param {Part[]} parts */
async function requireCommands(parts) {
  const commands = parts.flatMap((part) => commandsFor[part]);
  const found = await Promise.all(commands.map(hasCommand));
  const missing = commands.filter((_, index) => !found[index]);
  if (missing.length > 0) throw new MissingSystemPackages(`Please install: ${missing.join(', ')}.`);
}

/** @param {Part[]} parts */
async function missingPackages(parts) {
  const wanted = parts.flatMap((part) => packagesFor[part]);
  // Exit code 1 says that some are unknown; the known ones are printed all the same.
  const { output } = await run('dpkg-query', [
    '--show',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
    '--showformat=${Package} ${db:Status-Status}\n',
    ...wanted.flat(),
  ]);
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.endsWith(' installed') ? line.split(' ', 1) : [])),
  );
  return wanted.filter((names) => !names.some((name) => installed.has(name)));
}

/**
 * The name that this release of the distribution knows.
 *
 * @param {string[]} names
 */
async function installable(names) {
  for (const name of names) {
    if (names.length === 1 || (await run('apt-cache', ['show', name])).ok) return name;
  }
  return names.at(-1);
}

const aptLog = join(cacheFolder, 'apt.log');

/** @param {(string | undefined)[]} args */
async function apt(args) {
  const { output } = await run(
    'apt-get',
    // Another apt may be at work, as on a machine that has just been started.
    ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args.filter((arg) => arg !== undefined)],
    { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 900_000 },
  );
  mkdirSync(cacheFolder, { recursive: true });
  appendFileSync(aptLog, output);
}
