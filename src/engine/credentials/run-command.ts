import { spawn } from 'node:child_process';
import { withNothingInherited } from '../processes/inherited-files.ts';

export type CommandEnd =
  | { kind: 'printed'; firstLine: string }
  | { kind: 'missing' }
  | { kind: 'timed-out' }
  /** In words: "ended with exit code 1". */
  | { kind: 'failed'; how: string };

/** More than this of a program's output is no secret, in bytes. */
const MOST = 64 * 1024;

/**
 * The first line that a program prints. It is started without a shell and without a terminal, what
 * it says on standard error goes nowhere, and it is killed with all it started after `timeoutMs`.
 */
export function firstLineOf(
  [program, ...args]: readonly [string, ...string[]],
  options: { env: Readonly<Record<string, string | undefined>>; timeoutMs: number },
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = withNothingInherited((stdio) =>
      spawn(program, args, {
        env: { ...options.env },
        detached: process.platform !== 'win32',
        stdio: Array.isArray(stdio) ? stdio.with(1, 'pipe') : ['ignore', 'pipe', 'ignore'],
      }),
    );
    const pieces: Buffer[] = [];
    let size = 0;
    let ending: CommandEnd | null = null;
    const end = (with_: CommandEnd): void => {
      ending ??= with_;
      try {
        if (child.pid !== undefined) process.kill(groupOf(child.pid), 'SIGKILL');
      } catch {
        // It is gone already.
      }
    };
    const timer = setTimeout(() => end({ kind: 'timed-out' }), options.timeoutMs);
    child.stdout?.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > MOST) end({ kind: 'failed', how: 'printed more than a secret' });
      else pieces.push(piece);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(
        error.code === 'ENOENT'
          ? { kind: 'missing' }
          : { kind: 'failed', how: `could not be started (${error.code ?? 'unknown'})` },
      );
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (ending) resolve(ending);
      else if (code !== 0) {
        const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
        resolve({ kind: 'failed', how });
      } else {
        const [firstLine = ''] = Buffer.concat(pieces).toString('utf8').split(/\r?\n/, 1);
        resolve({ kind: 'printed', firstLine });
      }
    });
  });
}

/** What a signal is sent to: the whole group where there are groups. */
function groupOf(pid: number): number {
  return process.platform === 'win32' ? pid : -pid;
}
