import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { finished, type Readable } from 'node:stream';
import { MusterError } from '../../core/problem.ts';
import { notStarted } from '../failures.ts';

/** How long a program has to end after TERM before KILL, in ms. */
const GRACE_MS = 5_000;
/** How many lines of what a program says are kept for its problem. */
const KEPT_LINES = 200;

export interface ChildRequest {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  /** Fed to its standard input; it must be complete in itself and is destroyed at the end. */
  input?: Readable;
  /** Each line of its standard error. */
  onLine?: (line: string) => void;
}

export interface ChildEnd {
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** The last lines of its standard error. */
  lines: string[];
  output: string;
}

/**
 * Runs a program to its end. Rejects with the signal's reason once it is gone, with MusterError when
 * it cannot start, and with the input's error.
 */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const { file, args, cwd, env, signal, input, onLine } = request;
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine?.(line);
  });
  let inputError: Error | null = null;
  let killing: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGTERM');
    killing ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  // A program that ended early takes no more; its own exit says why.
  child.stdin.on('error', () => undefined);
  if (input) {
    const stop = finished(input, { writable: false }, (error) => {
      stop();
      if (!error || child.exitCode !== null) return;
      inputError = error;
      end();
    });
    input.pipe(child.stdin);
  } else child.stdin.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(new MusterError(notStarted(error))));
      child.once('close', resolve);
    });
    if (signal.aborted) throw signal.reason;
    if (inputError) throw inputError;
    return { exitCode, lines, output };
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', end);
    input?.destroy();
  }
}
