import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build-if-stale.mjs';
import { command } from './command.mjs';
import { electronForTests } from './electron-for-tests.mjs';
import { install } from './install.mjs';
import { isolated } from './isolation.mjs';
import { testResults, withLocalTools } from './project.mjs';
import { run } from './run-command.mjs';
import { ensureSystemPackages, MissingSystemPackages } from './system-packages.mjs';
import { failure, playwrightCount } from './test-count.mjs';

/** @typedef {import('./test-count.mjs').Count} Count */

const minute = 60_000;
const reporter = fileURLToPath(new URL('vitest-reporter.mjs', import.meta.url));

// `npm test` runs everything, `npm test -- unit …` and `npm test -- e2e …` a part of it; what
// follows goes to vitest or Playwright.
const [part, ...filters] = process.argv.slice(2);

await command(async () => {
  if (part !== undefined && part !== 'unit' && part !== 'e2e') {
    throw new Error('Usage: npm test [-- unit|e2e [FILTER…]]');
  }
  /** @type {Count[]} */
  const counts = [];
  for await (const count of stages()) counts.push(count);
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failures = counts.flatMap((count) => count.failures);
  // Thousands of lines lie between a failure and the end; who reads only the end still learns it.
  if (failures.length > 0)
    console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
});

/** @returns {AsyncGenerator<Count>} */
async function* stages() {
  const installed = await asOne('install', install);
  if (installed.failures.length > 0) {
    yield installed;
    return;
  }

  /** @type {Awaited<ReturnType<typeof electronForTests>> | undefined} */
  let withElectron;
  if (part === 'unit') await ensureSystemPackages(['range']);
  else {
    const prepared = await asOne('electron', async () => {
      withElectron = await electronForTests();
    });
    if (prepared.failures.length > 0) yield prepared;
  }

  const built = await asOne('build', buildIfStale);
  yield built;
  if (part === undefined) {
    yield await asOne('lint', () => script('lint'));
    yield await asOne('types', () => script('types'));
  }
  if (part !== 'e2e') yield await unitTests();
  if (part === 'unit' || !withElectron) return;
  if (built.failures.length === 0) yield await withElectron(endToEndTests);
}

/**
 * Work that passes or fails as a whole.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Count>}
 */
async function asOne(name, work) {
  heading(name);
  try {
    await work();
    return { passed: 1, failures: [] };
  } catch (error) {
    // Nothing after this could say more than the line to run.
    if (error instanceof MissingSystemPackages) throw error;
    const why = error instanceof Error ? error.message : String(error);
    console.error(why);
    return { passed: 0, failures: [failure(name, why)] };
  }
}

/** @param {string} name */
async function script(name) {
  const { ok } = await run('npm', ['run', '--silent', name], { show: true });
  if (!ok) throw new Error(`${name} failed.`);
}

async function unitTests() {
  heading('unit and engine tests');
  const report = join(testResults, 'unit.json');
  rmSync(report, { force: true });
  const { ok } = await isolated((env) =>
    run('vitest', ['run', '--reporter=default', `--reporter=${reporter}`, ...filters], {
      env: { ...withLocalTools(env), MUSTER_TEST_REPORT: report },
      show: true,
      timeout: 20 * minute,
    }),
  );
  return counted('vitest', ok, readReport(report));
}

/** @param {Record<string, string>} variables */
async function endToEndTests(variables) {
  heading('end-to-end tests');
  const report = join(testResults, 'e2e.json');
  rmSync(report, { force: true });
  const { ok } = await isolated((env) =>
    run('playwright', ['test', ...filters], {
      env: { ...withLocalTools(env), ...variables },
      show: true,
      timeout: 35 * minute,
    }),
  );
  const result = readReport(report);
  return counted('playwright', ok, result && playwrightCount(result));
}

/** @param {string} file */
function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * A tool that fails without a failed test, because it crashed or found none, is one failure.
 *
 * @param {string} tool
 * @param {boolean} ok
 * @param {Count} [count]
 * @returns {Count}
 */
function counted(tool, ok, { passed, failures } = { passed: 0, failures: [] }) {
  if (ok || failures.length > 0) return { passed, failures };
  return { passed, failures: [failure(tool, 'it ended with an error and no failed test')] };
}

/** @param {string} name */
function heading(name) {
  console.log(`\n── ${name}`);
}
