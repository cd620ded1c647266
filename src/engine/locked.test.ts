import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../core/problem.ts';
import type { RunState } from '../core/run/state.ts';
import { databaseFile } from '../store/connection.ts';
import type { OutputChunk } from './api.ts';
import { verifyRun } from './record.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** Another program locks the database in the middle of a run. */

let bench: Workbench;
let told: Problem[];
let other: Database.Database | null;

const patience = { again: 20, tell: 200, giveUp: 60_000 };

function open(more: Parameters<typeof openWorkbench>[0] = {}): void {
  bench = openWorkbench({ patience, onProblem: (problem) => told.push(problem), ...more });
}

beforeEach(() => {
  told = [];
  other = null;
  open();
});
afterEach(async () => {
  unlock();
  await bench.close();
});

function lock(): void {
  other = new Database(databaseFile(bench.home));
  other.exec('BEGIN IMMEDIATE');
}

function unlock(): void {
  other?.close();
  other = null;
}

const hasEnded = (state: RunState): boolean => state.ended !== null;
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
const counting = (count: number): string =>
  `n=0; while [ $n -lt ${count} ]; do n=$((n + 1)); echo "line $n"; sleep 0.05; done`;

/** Everything that was told of a run's output, and what stopped its drive. */
function follow(run: string): { text(): string; stopped: (Problem | null)[] } {
  const chunks: OutputChunk[] = [];
  const stopped: (Problem | null)[] = [];
  bench.engine.follow(run, {
    events: () => undefined,
    output: (chunk) => void chunks.push(chunk),
    stopped: (problem) => void stopped.push(problem),
  });
  return { text: () => chunks.map(({ text }) => text).join(''), stopped };
}

describe('a database that is locked for long while a step prints', () => {
  it('is waited for, without holding up the process; then all is kept once', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', counting(30))}`));
    const heard = follow(run);
    await bench.until(run, () => bench.output(run, 'a').includes('line 2'));
    lock();
    let turns = 0;
    const beat = setInterval(() => {
      turns += 1;
    }, 10);
    await pause(1_000);
    clearInterval(beat);
    // Attempts that waited for the lock as usual, 5 s each, would leave no turn at all.
    expect(turns).toBeGreaterThan(5);
    expect(heard.stopped).toEqual([]);
    expect(told.map(({ code }) => code)).toEqual(['store-waits']);
    expect(bench.output(run, 'a')).not.toContain('line 30');
    unlock();
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    expect(bench.output(run, 'a')).toBe(lines(30));
    expect(heard.text()).toBe(lines(30));
    expect(heard.stopped).toEqual([null]);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('lets a person cancel the step meanwhile', async () => {
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', `echo $$ >pid; ${counting(1_000)}`)}`),
    );
    await bench.until(run, () => bench.output(run, 'a').includes('line 2'));
    const pid = Number(readFileSync(join(bench.home, 'runbooks', 'pid'), 'utf8'));
    lock();
    await pause(200);
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    await expect
      .poll(() => isThere(pid), { timeout: 10_000, message: 'the process goes on' })
      .toBe(false);
    unlock();
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'cancelled');
    expect(state.steps[0]?.attempts).toHaveLength(1);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('leaves what is not kept yet for the next drive, when Muster ends meanwhile', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', counting(30))}`));
    await bench.until(run, () => bench.output(run, 'a').includes('line 2'));
    lock();
    await pause(300);
    const closed = bench.engine.close();
    unlock();
    await closed;
    await bench.reopen();
    await bench.engine.resume(run);
    await bench.until(run, hasEnded);
    expect(bench.output(run, 'a')).toBe(lines(30));
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

describe('a database that is locked for long while steps end', () => {
  it('goes on with the next step afterwards, each once', async () => {
    const steps = ['a', 'b'].map((id) => shellStep(id, `sleep 0.3; echo ${id} >>log`)).join('');
    const run = await bench.start(annotated(`## One\n${steps}`));
    const heard = follow(run);
    await bench.until(run, (state) => state.steps[0]?.status === 'running');
    lock();
    await pause(1_000);
    expect(bench.state(run).steps[0]?.status).toBe('running');
    unlock();
    const state = await bench.until(run, hasEnded);
    expect(state.steps.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
    expect(readFileSync(join(bench.home, 'runbooks', 'log'), 'utf8')).toBe('a\nb\n');
    expect(heard.stopped).toEqual([null]);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('keeps what a terminal showed until its step ended', async () => {
    await bench.close();
    open({
      interactive: {
        async run({ onData }) {
          for (let line = 1; line <= 30; line++) {
            onData(`line ${line}\n`);
            await pause(20);
          }
          return { exitCode: 0, signal: null };
        },
      },
    });
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'true', 'interactive')}`));
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    await bench.until(run, () => bench.output(run, 'a').includes('line 2'));
    lock();
    await pause(1_000);
    unlock();
    await bench.until(run, hasEnded);
    expect(bench.output(run, 'a')).toBe(lines(30));
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('stops the drive when the lock stays too long, and Resume takes it up', async () => {
    await bench.close();
    open({ patience: { again: 20, tell: 50, giveUp: 300 } });
    const run = await bench.start(annotated(`## One\n${shellStep('a', counting(20))}`));
    const heard = follow(run);
    await bench.until(run, () => bench.output(run, 'a').includes('line 2'));
    lock();
    await expect.poll(() => heard.stopped[0]?.code, { timeout: 10_000 }).toBe('store-locked');
    unlock();
    await bench.engine.resume(run);
    await bench.until(run, hasEnded);
    expect(bench.output(run, 'a')).toBe(lines(20));
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
