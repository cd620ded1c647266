import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunState } from '../core/run/state.ts';
import { verifyRun } from './record.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** Processes that do not begin, do not end, or end in another way than they should. */

let bench: Workbench;
const strays: number[] = [];
afterEach(async () => {
  for (const pid of strays.splice(0)) if (isThere(pid)) process.kill(pid, 'SIGKILL');
  await bench.close();
});

const hasEnded = ({ ended }: RunState): boolean => ended !== null;
const isFirst =
  (status: string) =>
  ({ steps }: RunState): boolean =>
    steps[0]?.status === status;

/** A process that writes its number to `pid`, in a session of its own: a daemon as they are. */
const daemon = (code: string): string =>
  `'${process.execPath}' -e "require('child_process').spawn('/bin/sh', ['-c', 'echo \\$\\$ >pid; ${code}'], { detached: true, stdio: 'ignore' }).unref()"
until [ -s pid ]; do sleep 0.02; done
`;

async function daemonOf(): Promise<number> {
  const file = join(bench.home, 'runbooks', 'pid');
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  const pid = Number(readFileSync(file, 'utf8'));
  strays.push(pid);
  return pid;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('a process that the system does not start', () => {
  it('fails its step plainly, and nothing of it ran', async () => {
    bench = openWorkbench();
    // More than any system takes as one variable: it refuses, as it does without room for another process.
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('make', `head -c 3000000 /dev/zero | tr '\\\\0' x`, 'capture=HUGE')}${shellStep('a', 'echo ran >>log')}`,
      ),
    );
    const state = await bench.until(run, ({ steps }) => steps[1]?.status === 'failed');
    expect(state.captures.HUGE?.length).toBe(3_000_000);
    expect(state.steps[1]?.attempts[0]?.problem).toMatchObject({
      code: 'step-not-started',
      safe: 'Nothing of the step ran.',
    });
    expect(existsSync(join(bench.home, 'runbooks', 'log'))).toBe(false);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

describe.skipIf(process.platform === 'win32')('a process that makes itself a daemon', () => {
  it('is no part of its step any more: the step ends with its commands, the daemon goes on', async () => {
    bench = openWorkbench();
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', `${daemon('exec sleep 60')}echo done`)}`),
    );
    const pid = await daemonOf();
    const state = await bench.until(run, hasEnded);
    expect(state.steps[0]?.attempts[0]?.result).toMatchObject({
      outcome: 'succeeded',
      exitCode: 0,
    });
    expect(bench.output(run, 'a')).toBe('done\n');
    expect(isThere(pid)).toBe(true);
  });

  it('is not ended when its step is cancelled, and does not hold the step up', async () => {
    bench = openWorkbench();
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', `${daemon('exec sleep 60')}sleep 60`)}`),
    );
    const pid = await daemonOf();
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    await bench.until(run, isFirst('cancelled'));
    expect(isThere(pid)).toBe(true);
  });

  it('does not make its step run on for whoever takes the run up again', async () => {
    bench = openWorkbench();
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', `${daemon('exec sleep 60')}sleep 0.5; echo done`)}`),
    );
    const pid = await daemonOf();
    await bench.reopen();
    await new Promise((resolve) => setTimeout(resolve, 800));
    await bench.engine.resume(run);
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    expect(state.steps[0]?.attempts).toHaveLength(1);
    expect(isThere(pid)).toBe(true);
  });
});

describe.skipIf(!existsSync('/usr/bin/setsid'))('a zombie in the group of a step', () => {
  it('counts as gone: the step is not waited for and not killed', async () => {
    bench = openWorkbench();
    // A child that ended, and a parent that left the group and never collects it.
    const parent = `sh -c 'echo $$ >pid; true & exec setsid sleep 60' >/dev/null 2>&1 &`;
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', `${parent}\nuntil [ -s pid ]; do sleep 0.02; done\nsleep 60`)}`,
      ),
    );
    const pid = await daemonOf();
    await expect.poll(() => zombiesBelow(pid)).toBe(1);
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    const state = await bench.until(run, isFirst('cancelled'));
    expect(zombiesBelow(pid)).toBe(1);
    expect(state.steps[0]?.attempts[0]?.result?.signal).toBe('SIGTERM');
  });
});

/** How many children of a process ended and were not collected. */
function zombiesBelow(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.filter((child) => / Z \d/.test(readFileSync(`/proc/${child}/stat`, 'utf8')))
    .length;
}

describe('a terminal that is closed during an interactive step', () => {
  const step = annotated(`## One\n${shellStep('a', 'true', 'interactive')}`);

  it('by a person ends the step as failed, with what it showed', async () => {
    bench = openWorkbench({
      interactive: {
        async run({ onData }) {
          onData('Password: ');
          return { exitCode: null, signal: 'SIGHUP' };
        },
      },
    });
    const run = await bench.start(step);
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    const state = await bench.until(run, isFirst('failed'));
    expect(state.steps[0]?.attempts[0]?.result).toMatchObject({ exitCode: null, signal: 'SIGHUP' });
    expect(bench.output(run, 'a')).toBe('Password: ');
  });

  it('together with Muster makes its end unknown, and it is not run again', async () => {
    let begun = 0;
    bench = openWorkbench({
      interactive: {
        run: ({ signal, onData }) => {
          begun += 1;
          onData('half way');
          return new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve({ exitCode: null, signal: 'SIGHUP' }));
          });
        },
      },
    });
    const run = await bench.start(step);
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    await bench.until(run, isFirst('running'));
    await bench.reopen();
    await bench.engine.resume(run);
    const state = await bench.until(run, isFirst('unknown'));
    expect(state.steps[0]?.attempts).toHaveLength(1);
    expect(begun).toBe(1);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

describe('a slow disk', () => {
  it('makes a run slow and nothing else: all is kept, once, and nothing is late by it', async () => {
    bench = openWorkbench();
    const { events } = bench.store;
    const append = events.append;
    events.append = (given) => {
      // As a flush that takes as long; it holds the whole process up.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
      append(given);
    };
    const steps = ['a', 'b', 'c'].map((id) =>
      shellStep(id, `for n in 1 2 3; do echo ${id}$n; done; echo ${id} >>log`, 'timeout=600ms'),
    );
    const run = await bench.start(annotated(`## Side by side {parallel=3}\n${steps.join('')}`));
    const state = await bench.until(run, hasEnded, 25_000);
    expect(state.ended?.outcome).toBe('succeeded');
    for (const id of ['a', 'b', 'c']) {
      expect(bench.output(run, id)).toBe(`${id}1\n${id}2\n${id}3\n`);
    }
    const log = readFileSync(join(bench.home, 'runbooks', 'log'), 'utf8')
      .trim()
      .split('\n');
    expect(log.toSorted()).toEqual(['a', 'b', 'c']);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});
