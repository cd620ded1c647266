import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { OutputLimits } from '../output-limits.ts';
import { bootId, isGroupAlive, isSameProcess, linuxStart, processStart } from './identity.ts';
import { withNothingInherited } from './inherited-files.ts';
import { supervisor, supervisorApart } from './supervisor.ts';

/**
 * A step's process outlives Muster. It runs under a small supervisor in a session of its own, and
 * everything that must survive lies in one folder:
 *
 *   script          the commands
 *   process         who the supervisor is; made with O_EXCL, so it is also the claim to run, once
 *   out-…, err-…    what the commands print, in pieces; see `supervisor.ts` and `spool.ts`
 *   exit            the exit code, written when the commands ended
 *
 * The supervisor claims before it runs. Whoever finds no `process` file and claims it instead has
 * proven that the commands never began and never will.
 */

/** Where the commands of the session in `dir` lie. */
export function scriptFile(dir: string): string {
  return join(dir, 'script');
}

export interface LaunchRequest {
  dir: string;
  /** The commands, as a file for `interpreter`. */
  code: string;
  /** Absolute path of the shell and its options; the script's path is added as the last one. */
  interpreter: [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
  /** Keep standard error apart from standard output, because a value is read from the latter. */
  apart: boolean;
  limits: OutputLimits;
}

/**
 * Begins the session. Resolves once the supervisor was started, with the child to wait for;
 * rejects when the system could not start it, and then nothing ran.
 */
export function launch(request: LaunchRequest): Promise<ChildProcess> {
  const { dir, interpreter, limits } = request;
  const script = scriptFile(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(script, request.code, { mode: 0o600 });
  const kept = [String(limits.startBytes), String(limits.endBytes)];
  return new Promise((resolve, reject) => {
    const child = withNothingInherited((stdio) =>
      spawn(
        '/bin/sh',
        [
          '-c',
          request.apart ? supervisorApart : supervisor,
          'muster-step',
          dir,
          ...kept,
          ...interpreter,
          script,
        ],
        { cwd: request.cwd, env: request.env, detached: true, stdio },
      ),
    );
    child.once('error', reject);
    child.once('spawn', () => {
      // The step goes on when Muster ends, and Muster may end while it goes on.
      child.unref();
      resolve(child);
    });
  });
}

export type SessionState =
  /** Nothing of it ran, and nothing will. */
  | { kind: 'never-ran' }
  | { kind: 'running'; group: number; beganAt: number }
  /** `beganAt`, `endedAt`: milliseconds since the epoch, from the files the supervisor wrote. */
  | { kind: 'ended'; exitCode: number; beganAt: number; endedAt: number }
  /** It began, it is gone, and no end was recorded. */
  | { kind: 'lost'; beganAt: number };

/**
 * What became of the session in `dir`. To be asked only by the one process that drives the run,
 * because it claims a session that has not begun, so that it never will.
 */
export function inspect(dir: string): SessionState {
  if (claim(dir)) return { kind: 'never-ran' };
  const beganAt = statSync(join(dir, 'process')).mtimeMs;
  const before = readExit(dir);
  if (before) return { kind: 'ended', beganAt, ...before };
  const group = livingGroup(dir);
  if (group !== null) return { kind: 'running', group, beganAt };
  // It may have ended between the two looks.
  const after = readExit(dir);
  return after ? { kind: 'ended', beganAt, ...after } : { kind: 'lost', beganAt };
}

/** The process group of a session that is under way, or null. */
export function livingGroup(dir: string): number | null {
  const leader = readSupervisor(dir);
  if (!leader) return null;
  const { pid, boot, start } = leader;
  if (isSameProcess(pid, start)) return pid;
  // A supervisor that was killed leaves its commands behind in the same group, and while they live
  // its number is given to nobody. A group is only ever ended when that is sure: not after the
  // system was started anew, and not when somebody else has the number.
  const isOfThisBoot = boot === '-' || boot === bootId();
  return isOfThisBoot && processStart(pid) === null && isGroupAlive(pid) ? pid : null;
}

/** True while the supervisor lives, and so may still write down what the commands printed. */
export function isSupervised(dir: string): boolean {
  const leader = readSupervisor(dir);
  return leader !== null && isSameProcess(leader.pid, leader.start);
}

/**
 * How long ago the session's supervisor began, in ms, by the clock that counts from the start of
 * the system and that nobody sets; infinite where the system does not tell.
 */
export function runningSince(dir: string): number {
  const ticks = /^.+:(\d+)$/.exec(readSupervisor(dir)?.start ?? '')?.[1];
  if (process.platform !== 'linux' || ticks === undefined) return Number.POSITIVE_INFINITY;
  return (uptime() - Number(ticks) / TICKS_A_SECOND) * 1000;
}

/** In these, Linux tells when a process began; the same on all of its machines. */
const TICKS_A_SECOND = 100;

/** The recorded end, or null while there is none. A half-written record counts as none. */
export function readExit(dir: string): { exitCode: number; endedAt: number } | null {
  try {
    const file = join(dir, 'exit');
    const match = /^(\d+)\n$/.exec(readFileSync(file, 'latin1'));
    return match?.[1] ? { exitCode: Number(match[1]), endedAt: statSync(file).mtimeMs } : null;
  } catch {
    return null;
  }
}

/** True when the claim was still free: the session never began. A missing folder never began too. */
function claim(dir: string): boolean {
  try {
    closeSync(openSync(join(dir, 'process'), 'wx', 0o600));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return true;
      if (error.code === 'EEXIST') return isOwnClaim(dir);
    }
    throw error;
  }
}

/**
 * An empty claim is one of Muster's own from an earlier look: the supervisor writes who it is
 * with the same call that makes the file, a moment after at most.
 */
function isOwnClaim(dir: string): boolean {
  const file = join(dir, 'process');
  for (let look = 0; look < 20; look += 1) {
    if (statSync(file).size > 0) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return true;
}

function readSupervisor(dir: string): { pid: number; boot: string; start: string } | null {
  if (!existsSync(join(dir, 'process'))) return null;
  const [pid, boot = '', start = ''] = readFileSync(join(dir, 'process'), 'latin1').split('\n');
  const known = boot === '-' ? start.trim().replace(/\s+/g, ' ') : linuxStart(start, boot);
  return pid && known ? { pid: Number(pid), boot, start: known } : null;
}
