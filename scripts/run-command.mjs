import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isAbsolute } from 'node:path';
import { root } from './project.mjs';

const grace = 5_000;

/**
 * Runs one command to its end. It never throws: a command that cannot be started is a command
 * that failed, with the reason as its output. A signal that arrives meanwhile goes to the
 * command, and this process ends after it, with its exit code.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.show] give the command our terminal, instead of collecting its output
 * @param {number} [options.timeout] milliseconds after which the command is ended; 0 is never
 * @returns {Promise<{ ok: boolean, code: number, output: string }>}
 */
export function run(
  command,
  args,
  { cwd = root, env = process.env, show = false, timeout = 600_000 } = {},
) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      // npm and the tools in node_modules/.bin are command scripts on Windows.
      shell: process.platform === 'win32' && !isAbsolute(command),
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });

    let timedOut = false;
    /** @type {NodeJS.Timeout | undefined} */
    let killTimer;
    const timer = timeout
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGTERM');
          killTimer = setTimeout(() => child.kill('SIGKILL'), grace);
        }, timeout)
      : undefined;

    let interrupted = false;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      interrupted = true;
      // A terminal has sent its Ctrl-C to the command already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, forward);

    /** @param {number} code @param {string} reason */
    const finish = (code, reason) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      for (const signal of signals) process.off(signal, forward);
      if (interrupted) process.exit(code);
      resolve({ ok: code === 0, code, output: reason ? `${output}${reason}\n` : output });
    };
    child.once('error', (error) => finish(127, error.message));
    child.once('close', (code, signal) => {
      if (timedOut) finish(124, `${command} took longer than ${timeout / 1000} s and was ended.`);
      else if (signal) finish(128 + constants.signals[signal], `${command} ended by ${signal}.`);
      else finish(code ?? 1, '');
    });
  });
}

/**
 * Whether a command of this name can be started.
 *
 * @param {string} command
 */
export async function hasCommand(command) {
  if (process.platform === 'win32') return (await run('where', [command])).ok;
  return (await run('sh', ['-c', 'command -v "$1"', 'sh', command])).ok;
}
