import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';

const startTime = 15_000;

/** Whether a window can be opened here. */
export async function hasDisplay() {
  if (process.platform !== 'linux') return true;
  const { DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR = '' } = process.env;
  if (WAYLAND_DISPLAY && (await answers({ path: join(XDG_RUNTIME_DIR, WAYLAND_DISPLAY) }))) {
    return true;
  }
  // Either `:1` and `:1.0`, a local socket, or `host:1`, over the network.
  const [, host, number] = /^(.*):(\d+)(?:\.\d+)?$/.exec(DISPLAY ?? '') ?? [];
  if (number === undefined) return false;
  if (host && host !== 'unix') return answers({ host, port: 6000 + Number(number) });
  return answers({ path: `/tmp/.X11-unix/X${number}` });
}

/**
 * A variable left over from a session that has ended names a display that nobody serves.
 *
 * @param {import('node:net').NetConnectOpts} address
 * @returns {Promise<boolean>}
 */
function answers(address) {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: 2_000 });
    /** @param {boolean} answer */
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

/**
 * Does some work with a display that nobody sees and ends that display afterwards.
 *
 * @template T
 * @param {(display: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withXvfb(work) {
  const server = spawn(
    'Xvfb',
    // Xvfb itself looks for a free display number and writes it to this descriptor.
    ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const end = () => server.kill();
  process.once('exit', end);
  try {
    return await work(`:${await displayNumber(server)}`);
  } finally {
    process.off('exit', end);
    end();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not start.')), startTime);
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}.`)));
    server.stdio[3]?.once('data', (number) => resolve(String(number).trim()));
    server.stdio[3]?.once('close', () => clearTimeout(timer));
  });
}
