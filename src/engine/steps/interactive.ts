import { mkdirSync, writeFileSync } from 'node:fs';
import type { ShellAction } from '../../core/runbook/model.ts';
import { exited, noTerminal, timedOut } from '../failures.ts';
import { scriptFile } from '../processes/session.ts';
import type { ActContext, Acted, Lost, Released } from './kind.ts';

/**
 * An `{interactive}` step runs in a terminal that a person types in; the exit code ends the step
 * and what the terminal showed is kept as evidence. It ends with the terminal, so after a crash of
 * Muster its end is unknown.
 */
export async function actInTerminal(
  context: ActContext<ShellAction>,
  interpreter: [string, ...string[]],
): Promise<Acted | Lost | Released> {
  const { interactive, run, step, attempt, dir, cwd, env, sink, cancel, release } = context;
  if (!interactive) {
    return {
      outcome: 'failed',
      exitCode: null,
      signal: null,
      durationMs: 0,
      problem: noTerminal(step),
    };
  }
  const script = scriptFile(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(script, context.action.code, { mode: 0o600 });
  const [file, ...options] = interpreter;
  const encoder = new TextEncoder();
  const began = performance.now();
  const limit = step.timeoutMs === null ? [] : [AbortSignal.timeout(step.timeoutMs)];
  const end = await interactive.run({
    run,
    step: step.id,
    attempt,
    title: step.title,
    file,
    args: [...options, script],
    cwd,
    env,
    onData: (data) => sink.take([{ stream: 'terminal', raw: encoder.encode(data) }]),
    signal: AbortSignal.any([cancel, release, ...limit]),
  });
  const durationMs = performance.now() - began;
  if (cancel.aborted) {
    return { outcome: 'cancelled', ...end, durationMs, problem: null };
  }
  if (limit.some((signal) => signal.aborted) && step.timeoutMs !== null) {
    return { outcome: 'timed-out', ...end, durationMs, problem: timedOut(step, step.timeoutMs) };
  }
  if (release.aborted) return { kind: 'lost', why: 'Its terminal was closed with Muster.' };
  if (end.exitCode === 0) return { outcome: 'succeeded', ...end, durationMs, problem: null };
  return { outcome: 'failed', ...end, durationMs, problem: exited(step, end.exitCode) };
}
