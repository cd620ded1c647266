import { join } from 'node:path';
import { utilityProcess } from 'electron';
import { baseEnvironment } from '../../engine/environment.ts';
import type { HostProcess } from './host-link.ts';

/** Starts `pty-host.ts`. `root` is the folder that holds `out/`. */
export function startHostProcess(root: string): HostProcess {
  const child = utilityProcess.fork(join(root, 'out/main/pty-host.js'), [], {
    serviceName: 'Muster terminals',
    stdio: 'ignore',
    // Each terminal gets its own environment by message; the process itself needs next to nothing.
    env: baseEnvironment(process.env),
  });
  return {
    post: (message) => child.postMessage(message),
    join: (port) => child.postMessage(null, [port]),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill: () => void child.kill(),
  };
}
