import { chromiumSandboxArgs } from './app-start.mjs';
import { hasDisplay, withXvfb } from './display.mjs';
import { ownElectron } from './electron-runtime.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { testRuntime } from './test-runtime.mjs';

/**
 * Makes an Electron ready for the tests and the benchmarks: the published one where it can be
 * had, the test runtime elsewhere. What is returned does some work with a display and with the
 * variables that say how to start that Electron.
 *
 * @returns {Promise<<T>(work: (variables: Record<string, string>) => Promise<T>) => Promise<T>>}
 * @throws {Error} that says what to do when there is none
 */
export async function electronForTests() {
  const display = await hasDisplay();
  const own = await ownElectron();
  /** @type {import('./system-packages.mjs').Part[]} */
  const parts = ['range', 'electron'];
  if (!display) parts.push('display');
  if (own.kind === 'none') parts.push('compiler');
  await ensureSystemPackages(parts);

  /** @type {Record<string, string>} */
  const variables = {};
  const args = display ? [] : ['--disable-gpu'];
  if (own.kind === 'own') {
    variables.MUSTER_ELECTRON = own.path;
    args.push(...chromiumSandboxArgs());
  } else {
    console.error(
      `${own.reason} The tests use the test runtime, isolated (docs/decisions/test-runtime.md).`,
    );
    const runtime = await testRuntime();
    variables.MUSTER_ELECTRON = runtime.path;
    variables.MUSTER_SQLITE_BINDING = runtime.sqliteBinding;
    args.push('--no-sandbox');
  }
  variables.MUSTER_ELECTRON_ARGS = JSON.stringify(args);

  if (display) return (work) => work(variables);
  return (work) =>
    withXvfb((number) => work({ ...variables, DISPLAY: number, WAYLAND_DISPLAY: '' }));
}
