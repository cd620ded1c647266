import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from './build-if-stale.mjs';
import { command } from './command.mjs';
import { electronForTests } from './electron-for-tests.mjs';
import { install } from './install.mjs';
import { isolated } from './isolation.mjs';
import { testResults, withLocalTools } from './project.mjs';
import { run } from './run-command.mjs';
import { ensureSystemPackages, MissingSystemPackages } from './system-packages.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

const minute = 60_000;

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
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

/** @returns {AsyncGenerator<Count>} */
async function* stages() {
  const installed = await asOne('install', install);
  if (installed.failed > 0) {
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
    if (prepared.failed > 0) yield prepared;
  }

  const built = await asOne('build', buildIfStale);
  yield built;
  if (part === undefined) {
    yield await asOne('lint', () => script('lint'));
    yield await asOne('types', () => script('types'));
  }
  if (part !== 'e2e') yield await unitTests();
  if (part === 'unit' || !withElectron) return;
  if (built.failed === 0) yield await withElectron(endToEndTests);
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
    return { passed: 1, failed: 0 };
  } catch (error) {
    // Nothing after this could say more than the line to run.
    if (error instanceof MissingSystemPackages) throw error;
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
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
    run(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
      { env: withLocalTools(env), show: true, timeout: 20 * minute },
    ),
  );
  const result = readReport(report);
  // A file that cannot even be loaded has no tests to count: it is one failure itself.
  const broken = (result?.testResults ?? []).filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return counted(ok, result?.numPassedTests, (result?.numFailedTests ?? 0) + broken);
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
  const stats = readReport(report)?.stats;
  return counted(ok, stats?.expected, (stats?.unexpected ?? 0) + (stats?.flaky ?? 0));
}

/** @param {string} file */
function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * A tool that fails without a failed test, because it crashed or found none, is one failure.
 *
 * @param {boolean} ok
 * @param {number} [passed]
 * @param {number} [failed]
 * @returns {Count}
 */
function counted(ok, passed = 0, failed = 0) {
  return { passed, failed: ok ? failed : Math.max(1, failed) };
}

/** @param {string} name */
function heading(name) {
  console.log(`\n── ${name}`);
}
