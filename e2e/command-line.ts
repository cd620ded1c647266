import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command line as it was built, beside the app. */

const cli = fileURLToPath(new URL('../out/cli/muster.js', import.meta.url));

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** How long a command may take, in ms; a test that was ended leaves none behind. */
const COMMAND_MS = 60_000;

/** `input`: what it reads; nothing where it is left out. After `limitMs` it is ended. */
export function start(
  home: string,
  args: string[],
  { input, limitMs = COMMAND_MS }: { input?: string; limitMs?: number } = {},
): { child: ChildProcess; end: Promise<Ended> } {
  // The addon that the app's runtime needs is not the one for Node.
  const { MUSTER_SQLITE_BINDING: _, ...env } = process.env;
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...env, MUSTER_HOME: home },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  // A command that reads nothing may be gone before.
  child.stdin.on('error', () => undefined).end(input);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const end = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, end };
}

/** Runs a command to its end. */
export function muster(home: string, ...args: string[]): Promise<Ended> {
  return start(home, args).end;
}
