import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exclusively } from './exclusive.mjs';
import { root, withLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

const out = join(root, 'out');
const stamp = join(out, 'sources.sha256');
const sources = [
  'src',
  'runbooks',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/**
 * Builds the app and the CLI into out/ when a source changed since the last build.
 *
 * @throws {Error} with the build's own words when it fails
 */
export async function buildIfStale() {
  await exclusively('build', async () => {
    const hash = hashOfSources();
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
    console.error('Building…');
    rmSync(out, { recursive: true, force: true });
    const { ok, output } = await run('electron-vite', ['build', '--logLevel', 'warn'], {
      env: withLocalTools(process.env),
      timeout: 300_000,
    });
    if (!ok) throw new Error(`The build failed.\n${output.trim()}`);
    writeFileSync(stamp, hash);
  });
}

/** Contents and not times, because a fresh checkout or a branch change touches every time. */
function hashOfSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesIn(join(root, source))) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { encoding: 'utf8', recursive: true })
    .map((name) => join(path, name))
    .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(file).isFile())
    .sort();
}
