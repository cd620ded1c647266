import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** For tests: one server of the range that was ended; others use the same range, so be short. */
export interface StoppedServer {
  /** Starts it as it was: the same command line in the same namespaces, with its pid file. */
  start(): void;
}

const GONE_MS = 20_000;

/** True where the range runs this server as a process of this machine. */
export function isOwnProcess(logs: string, name: string): boolean {
  const file = pidFile(logs, name);
  return existsSync(file) && existsSync(`/proc/${readFileSync(file, 'utf8').trim()}/exe`);
}

/** Ends a server of the range at once, as a machine does that loses its power. */
export async function stopServer(logs: string, name: string): Promise<StoppedServer> {
  const file = pidFile(logs, name);
  const pid = Number(readFileSync(file, 'utf8'));
  const of = (what: string): string => `/proc/${pid}/${what}`;
  const [program = '', ...args] = readFileSync(of('cmdline'), 'utf8').split('\0').slice(0, -1);
  const env = Object.fromEntries(
    readFileSync(of('environ'), 'utf8')
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  // Held open, because they go with the process where nothing else is in them.
  const places = { net: 'ns/net', mount: 'ns/mnt', root: 'root', wd: 'cwd' };
  const held = Object.entries(places).map(([option, path]) => {
    const descriptor = openSync(of(path), 'r');
    return { descriptor, flag: `--${option}=/proc/${process.pid}/fd/${descriptor}` };
  });
  process.kill(pid, 'SIGKILL');
  const deadline = Date.now() + GONE_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`${name} does not end`);
    await pause(50);
  }
  return {
    start() {
      const log = openSync(join(logs, `${name}.log`), 'a');
      const child = spawn('nsenter', [...held.map(({ flag }) => flag), program, ...args], {
        env,
        detached: true,
        stdio: ['ignore', log, log],
      });
      child.unref();
      writeFileSync(file, `${child.pid}\n`);
      closeSync(log);
      // nsenter has opened them by the time it becomes the server.
      setTimeout(() => {
        for (const { descriptor } of held) closeSync(descriptor);
      }, 1_000).unref();
    },
  };
}

/** Stops a server of the range as it is, without ending it; returns what lets it go on. */
export function freezeServer(logs: string, name: string): () => void {
  const pid = Number(readFileSync(pidFile(logs, name), 'utf8'));
  process.kill(pid, 'SIGSTOP');
  return () => {
    process.kill(pid, 'SIGCONT');
  };
}

function pidFile(logs: string, name: string): string {
  return join(dirname(logs), 'pids', name);
}

/** A process that ended and that nobody waits for counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
