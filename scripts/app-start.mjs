import { join } from 'node:path';
import { buildIfStale } from './build-if-stale.mjs';
import { install } from './install.mjs';
import { node24, root, withoutLocalTools } from './project.mjs';
import { run } from './run-command.mjs';

/** The folder that the person called npm from; npm itself has moved to the checkout. */
const calledFrom = process.env.INIT_CWD ?? process.cwd();

/** Installs what is missing and builds what is stale. */
export async function installAndBuild() {
  await install();
  await buildIfStale();
}

/**
 * Opens the app with Electron as published and waits for its end.
 *
 * @param {string} electron
 * @param {string[]} args
 */
export function openApp(electron, args) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = withoutLocalTools(process.env);
  return run(electron, [...chromiumSandboxArgs(), root, ...args], {
    cwd: calledFrom,
    env,
    show: true,
    timeout: 0,
  });
}

/**
 * Runs the CLI in the terminal and waits for its end.
 *
 * @param {string[]} args
 */
export function runCli(args) {
  return run(node24, [join(root, 'out', 'cli', 'muster.js'), ...args], {
    cwd: calledFrom,
    env: withoutLocalTools(process.env),
    show: true,
    timeout: 0,
  });
}

/** Chromium refuses its sandbox to root. */
export function chromiumSandboxArgs() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
