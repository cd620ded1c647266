import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toProblem } from '../core/problem.ts';
import type { OutputChunk } from './api.ts';
import { readExit } from './processes/session.ts';
import { verifyRun } from './record.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** What a stop of Muster leaves behind, and how a run is taken up again. */

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.close());

const hasEnded = (state: { ended: unknown }): boolean => state.ended !== null;
const spoolOf = (run: string): string => join(bench.home, 'spool', run, '0001-1');
const pidOf = (run: string): number =>
  Number(readFileSync(join(spoolOf(run), 'process'), 'utf8').split('\n')[0]);
const isThere = (path: string) => () => existsSync(path);

/** Begins a run whose first step prints `begun`, waits for it, and lets go. */
async function leave(code: string, attributes = ''): Promise<string> {
  const run = await bench.start(
    annotated(`## One\n${shellStep('a', code, attributes)}${shellStep('b', 'echo after')}`),
  );
  await bench.until(run, isThere(join(spoolOf(run), 'process')));
  await bench.until(run, () => bench.output(run, 'a').includes('begun'));
  await bench.reopen();
  return run;
}

describe('a step that goes on while Muster is away', () => {
  it('is found again, with all its output and no repeat', async () => {
    const run = await leave(
      'echo begun; for i in 1 2 3 4 5 6 7 8; do sleep 0.1; echo line $i; done',
    );
    await new Promise((resolve) => setTimeout(resolve, 250));
    const seen: OutputChunk[] = [];
    await bench.engine.resume(run);
    bench.engine.follow(run, {
      events: () => undefined,
      output: (chunk) => seen.push(chunk),
      stopped: () => undefined,
    });
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    const lines = Array.from({ length: 8 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(bench.output(run, 'a')).toBe(`begun\n${lines}`);
    expect(
      `begun\n${lines}`.endsWith(
        seen
          .filter(({ step }) => step === 'a')
          .map(({ text }) => text)
          .join(''),
      ),
    ).toBe(true);
    expect(state.steps[0]?.attempts).toHaveLength(1);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('is taken as ended when it ended meanwhile, with its own duration', async () => {
    const run = await leave('echo begun; sleep 0.3; echo over; exit 3');
    await bench.until(run, () => readExit(spoolOf(run)) !== null);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const resumedAt = Date.now();
    await bench.engine.resume(run);
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'failed');
    const [attempt] = state.steps[0]?.attempts ?? [];
    const result = attempt?.result;
    expect(result?.exitCode).toBe(3);
    expect(result?.durationMs).toBeGreaterThan(250);
    // The 400 ms for which it was over before anybody looked are not part of it.
    const untilResumed = resumedAt - Date.parse(attempt?.startedAt ?? '');
    expect(result?.durationMs).toBeLessThan(untilResumed - 300);
    expect(bench.output(run, 'a')).toBe('begun\nover\n');
  });

  it('can be cancelled after it was found again', async () => {
    const run = await leave('echo begun; sleep 60');
    await bench.engine.resume(run);
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'cancelled');
    expect(state.steps[0]?.attempts[0]?.result?.signal).toBe('SIGTERM');
  });

  it('reaches its timeout as if nobody had been away', async () => {
    const run = await leave('echo begun; sleep 60', 'timeout=700ms');
    await new Promise((resolve) => setTimeout(resolve, 800));
    await bench.engine.resume(run);
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'failed');
    expect(state.steps[0]?.attempts[0]?.problem?.code).toBe('step-timed-out');
  });
});

describe('a step whose end nobody can prove', () => {
  it.each([
    ['succeeded', 'succeeded'],
    ['retry', 'succeeded'],
    ['failed', 'failed'],
  ] as const)('is unknown until a person says: %s', async (as, expected) => {
    const run = await leave('echo begun; test -e again || sleep 60');
    process.kill(-pidOf(run), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await bench.engine.resume(run);
    const unknown = await bench.until(run, (state) => state.steps[0]?.status === 'unknown');
    expect(unknown.steps[0]?.attempts[0]?.problem?.code).toBe('step-lost');
    expect(bench.output(run, 'a')).toBe('begun\n');
    const early = bench.engine.command(run, { kind: 'start', step: 'a' });
    expect(toProblem(await early.catch((error: unknown) => error)).what).not.toBe('');
    writeFileSync(join(bench.home, 'runbooks', 'again'), '');
    await bench.engine.command(run, { kind: 'resolve', step: 'a', as, reason: 'looked at it' });
    if (as === 'retry')
      await bench.engine.command(run, { kind: 'start', step: 'a' }).catch(() => undefined);
    const state = await bench.until(run, (now) =>
      as === 'failed' ? now.steps[0]?.status === 'failed' : hasEnded(now),
    );
    expect(state.steps[0]?.status).toBe(expected);
    expect(state.steps[0]?.attempts[0]?.resolved).toMatchObject({
      as,
      reason: 'looked at it',
      by: 'ada',
    });
  });
});

describe('an attempt that was announced and never began', () => {
  it('is proven not to have run, and runs then', async () => {
    // The moment between the event on disk and the process: nothing is there but the event.
    const run = await leave('echo begun; sleep 0.5');
    const events = bench.store.events.read(run);
    expect(events.at(-1)?.body.kind).toBe('step.started');
    process.kill(-pidOf(run), 'SIGKILL');
    const dir = spoolOf(run);
    rmSync(dir, { recursive: true });
    await bench.engine.resume(run);
    const state = await bench.until(run, hasEnded);
    expect(state.steps[0]?.attempts.map(({ outcome }) => outcome)).toEqual([
      'not-started',
      'succeeded',
    ]);
  });
});

describe('two processes', () => {
  it('cannot drive the same run', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'sleep 60')}`));
    const holder = {
      pid: 1,
      startedAt: 'elsewhere',
      host: 'another-host',
      surface: 'app',
    } as const;
    await bench.reopen();
    expect(bench.store.leases.take(run, holder, () => true).taken).toBe(true);
    const problem = toProblem(await bench.engine.resume(run).catch((error: unknown) => error));
    expect(problem.code).toBe('run-driven-elsewhere');
    expect(problem.what).toContain('another-host');
    bench.store.leases.release(run, holder);
    await bench.engine.resume(run);
    await bench.engine.command(run, { kind: 'abort', reason: 'enough', undo: false });
    await bench.until(run, hasEnded);
  });
});
