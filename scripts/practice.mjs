import { createInterface } from 'node:readline/promises';
import { installAndBuild, openApp, runCli } from './app-start.mjs';
import { command } from './command.mjs';
import { hasDisplay } from './display.mjs';
import { ownElectron } from './electron-runtime.mjs';
import { isolated } from './isolation.mjs';
import { root } from './project.mjs';
import { run } from './run-command.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { testRuntime, testRuntimeExists } from './test-runtime.mjs';

await command(async () => {
  await ensureSystemPackages(['range']);
  await installAndBuild();
  if (!(await hasDisplay())) return inTerminal('There is no display');
  const electron = await ownElectron();
  if (electron.kind === 'own') return (await openApp(electron.path, ['--practice'])).code;
  if (testRuntimeExists && (await mayFetchTestRuntime(electron.reason))) return inTestRuntime();
  return inTerminal(electron.reason.replace(/\.$/, ''));
});

/** @param {string} reason */
async function inTerminal(reason) {
  console.log(`${reason}: the drill runs here in the terminal.`);
  return (await runCli(['practice'])).code;
}

/** @param {string} reason */
async function mayFetchTestRuntime(reason) {
  if (!process.stdin.isTTY) return false;
  console.log(
    `${reason} For a look at the window there is the test runtime: an older Electron that nobody\n` +
      'vouches for, run with an empty home folder that is deleted afterwards (docs/decisions/test-runtime.md).',
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Fetch the test runtime (110 MB)? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function inTestRuntime() {
  await ensureSystemPackages(['electron', 'compiler']);
  const { path, sqliteBinding } = await testRuntime();
  const { code } = await isolated((env) =>
    run(path, ['--no-sandbox', root, '--practice'], {
      env: { ...env, MUSTER_SQLITE_BINDING: sqliteBinding },
      show: true,
      timeout: 0,
    }),
  );
  return code;
}
