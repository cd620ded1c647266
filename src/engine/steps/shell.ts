import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { ShellAction } from '../../core/runbook/model.ts';
import { exited, folderGone, noShell, notStarted, timedOut } from '../failures.ts';
import { isGroupAlive } from '../processes/identity.ts';
import { findInterpreter } from '../processes/interpreter.ts';
import {
  inspect,
  isSupervised,
  launch,
  livingGroup,
  readExit,
  runningSince,
} from '../processes/session.ts';
import { openTail, type Tail } from '../processes/tail.ts';
import { actInTerminal } from './interactive.ts';
import type { ActContext, Acted, Lost, MachineKind, Recovered, Released } from './kind.ts';
import { rehearseShell } from './rehearse-shell.ts';

/** How long a process group has to end after TERM before KILL, in ms. */
const GRACE_MS = 5_000;
/** How long to wait for a killed group to be gone; one that cannot be killed is not waited for. */
const KILLED_MS = 2_000;
/** How often a running step's output is looked at, in ms. */
const LOOK_MS = 40;
/** Looks at a flood before anything else is looked at: cancel and timeout do not wait for its end. */
const LOOKS_AT_ONCE = 16;
/**
 * How long the output must be quiet, and how long it is waited for at most, in ms, where the
 * commands ended and left something behind that still holds it.
 */
const QUIET_MS = 250;
const SETTLE_MS = 2_000;

type Context = ActContext<ShellAction>;

/** `bash` and `sh` fences: in a session of their own that outlives Muster, or in a terminal. */
export const shell: MachineKind<ShellAction> = {
  async act(context) {
    if (context.structured.mode !== 'rehearsal') return run(context);
    const { rehearse } = context.step;
    if (rehearse === null) return rehearseShell(context);
    const action = { ...context.action, code: rehearse, captures: [], interactive: false };
    const end = await run({ ...context, action });
    return 'kind' in end ? end : { ...end, rehearsed: true };
  },

  recover(context) {
    const { rehearse } = context.step;
    if (context.structured.mode === 'rehearsal' && rehearse === null) {
      return { kind: 'interrupted' };
    }
    if (context.action.interactive && context.structured.mode !== 'rehearsal') {
      return { kind: 'lost', why: 'It ran in a terminal, and the terminal ended with Muster.' };
    }
    return found(context);
  },
};

async function run(context: Context): Promise<Acted | Lost | Released> {
  const { action, cwd, dir, env } = context;
  const interpreter = findInterpreter(action.language, env.PATH);
  if (!interpreter) return refused(noShell(action.language));
  const stranger = await strangerIn(context);
  if (stranger !== null) return refused(stranger);
  if (context.release.aborted) return { kind: 'released' };
  if (context.cancel.aborted) return { ...refused(null), outcome: 'cancelled' };
  if (!existsSync(cwd)) return refused(folderGone(cwd));
  if (action.interactive) return actInTerminal(context, interpreter);
  let child: ChildProcess;
  try {
    child = await launch({
      dir,
      code: action.code,
      interpreter,
      cwd,
      env,
      apart: isApart(action),
      limits: context.sink.limits,
    });
  } catch (error) {
    return refused(notStarted(error));
  }
  const began = performance.now();
  return watch(context, ownSession(child), () => performance.now() - began);
}

/** What an earlier process of Muster left of an attempt. */
function found(context: Context): Recovered {
  const session = inspect(context.dir);
  if (session.kind === 'never-ran') return { kind: 'not-started' };
  if (session.kind === 'lost') {
    // What it printed before it was lost is evidence for the person who decides.
    const tail = tailOf(context);
    const acted = takeRest(context, tail)
      .then(lost)
      .finally(() => tail.close());
    return { kind: 'goes-on', acted };
  }
  const { beganAt } = session;
  // A clock that was set meanwhile must not end it early. From here on by one that nobody sets.
  const before = Math.max(0, Math.min(Date.now() - beganAt, runningSince(context.dir)));
  const since = performance.now();
  const elapsed = (): number => {
    const end = readExit(context.dir);
    return end ? end.endedAt - beganAt : before + performance.now() - since;
  };
  return { kind: 'goes-on', acted: watch(context, foundSession(context.dir), elapsed) };
}

/** A session under way: ours, or one that an earlier process began. */
interface Session {
  /** The process group while any of it lives, else null. */
  group(): number | null;
  /** True while more of what the commands printed may still be written down. */
  isSupervised(): boolean;
  /** Resolves at the next moment worth a look. */
  next(): Promise<void>;
}

function ownSession(child: ChildProcess): Session {
  const pid = child.pid ?? 0;
  let ended = false;
  const end = new Promise<void>((resolve) => {
    child.once('exit', () => {
      ended = true;
      resolve();
    });
  });
  return {
    group: () => (!ended || isGroupAlive(pid) ? pid : null),
    isSupervised: () => !ended,
    async next() {
      if (ended) return pause(LOOK_MS);
      let timer: NodeJS.Timeout | undefined;
      const look = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, LOOK_MS);
      });
      await Promise.race([end, look]);
      clearTimeout(timer);
    },
  };
}

function foundSession(dir: string): Session {
  return {
    group: () => livingGroup(dir),
    isSupervised: () => isSupervised(dir),
    next: () => pause(LOOK_MS),
  };
}

/** An end that was ordered: why, since when (on the clock that nobody sets), and what was sent so far. */
interface Stop {
  cause: 'cancelled' | 'timed-out';
  at: number;
  sent: 'nothing' | 'TERM' | 'KILL';
}

/** Follows a session to its end, and ends it when a person or its timeout says so. */
async function watch(
  context: Context,
  session: Session,
  elapsed: () => number,
): Promise<Acted | Lost | Released> {
  const { dir, step, cancel, release } = context;
  const tail = tailOf(context);
  /** The last moment at which there was output, and the one at which the end was seen. */
  let heard = performance.now();
  let endSeen: number | null = null;
  const look = async (): Promise<boolean> => {
    for (let looks = 0; looks < LOOKS_AT_ONCE; looks += 1) {
      // What is in the files waits there while the database is locked.
      if (context.sink.isBehind() || !tail.look()) return false;
      heard = performance.now();
      await pause(0);
    }
    return true;
  };
  const isSettled = (now: number): boolean =>
    !session.isSupervised() ||
    now - Math.max(heard, endSeen ?? now) > QUIET_MS ||
    now - (endSeen ?? now) > SETTLE_MS;
  let stop: Stop | null = null;
  try {
    for (;;) {
      const more = await look();
      if (release.aborted) return { kind: 'released' };
      // In this order: a session that is gone may have written its end just before it went.
      const group = session.group();
      const end = readExit(dir);
      if (end !== null) endSeen ??= performance.now();
      const isOver =
        group === null || (end !== null && stop === null && isSettled(performance.now()));
      if (isOver || (stop?.sent === 'KILL' && performance.now() - stop.at > GRACE_MS + KILLED_MS)) {
        // Before the rest is taken, which may have to wait for a locked database.
        const durationMs = elapsed();
        await takeRest(context, tail);
        return conclude(context, end?.exitCode ?? null, durationMs, stop);
      }
      if (!stop && cancel.aborted)
        stop = { cause: 'cancelled', at: performance.now(), sent: 'nothing' };
      // Commands that ended are not late, however late that was seen.
      const isLate = end === null && step.timeoutMs !== null && elapsed() >= step.timeoutMs;
      if (!stop && isLate) {
        stop = { cause: 'timed-out', at: performance.now(), sent: 'nothing' };
      }
      if (stop) press(group, stop);
      if (!more) await session.next();
    }
  } finally {
    tail.close();
  }
}

/** All that a session printed, of which no more is coming. */
async function takeRest({ sink, release }: Context, tail: Tail): Promise<void> {
  tail.finish();
  while (sink.isBehind() && !release.aborted) await pause(LOOK_MS);
}

/** TERM at once, KILL after the grace period, each once and to the whole group. */
function press(group: number, stop: Stop): void {
  const due = performance.now() - stop.at >= GRACE_MS ? 'KILL' : 'TERM';
  if (stop.sent === due) return;
  stop.sent = due;
  try {
    process.kill(-group, `SIG${due}`);
  } catch {
    // Gone by itself between the look and the signal; the next look sees it.
  }
}

function conclude(
  context: Context,
  exitCode: number | null,
  durationMs: number,
  stop: Stop | null,
): Acted | Lost {
  if (stop) {
    const signal = stop.sent === 'KILL' ? 'SIGKILL' : 'SIGTERM';
    const { timeoutMs } = context.step;
    const problem =
      stop.cause === 'timed-out' && timeoutMs !== null ? timedOut(context.step, timeoutMs) : null;
    return { outcome: stop.cause, exitCode, signal, durationMs, problem };
  }
  if (exitCode === null) return lost();
  return {
    outcome: exitCode === 0 ? 'succeeded' : 'failed',
    exitCode,
    signal: null,
    durationMs,
    problem: exitCode === 0 ? null : exited(context.step, exitCode),
  };
}

/** Why nothing may run here: another system answers than the target's. Who gives no answer is noted. */
async function strangerIn({ proveShell, sink }: Context): Promise<Problem | null> {
  try {
    for (const { what } of await proveShell()) {
      sink.evidence({ name: 'Target not reached', mediaType: 'text/plain', content: what });
    }
    return null;
  } catch (error) {
    return toProblem(error);
  }
}

function refused(problem: Problem | null): Acted {
  return { outcome: 'failed', exitCode: null, signal: null, durationMs: 0, problem };
}

function lost(): Lost {
  return { kind: 'lost', why: 'Its process is gone and left no exit code.' };
}

function isApart(action: ShellAction): boolean {
  return action.captures.length > 0;
}

function tailOf(context: Context): Tail {
  const streams = isApart(context.action) ? (['out', 'err'] as const) : (['out'] as const);
  return openTail(context.dir, streams, context.sink);
}
