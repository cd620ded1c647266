import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOutputLimits } from './output-limits.ts';
import { verifyRun } from './record.ts';
import { makeReport } from './report.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** Steps that print more than anybody wants to keep. */

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.close());

const hasEnded = (state: { ended: unknown }): boolean => state.ended !== null;

function spoolSize(run: string): number {
  const folder = join(bench.home, 'spool', run, '0001-1');
  try {
    const sizes = readdirSync(folder).map((name) => {
      try {
        return statSync(join(folder, name)).size;
      } catch {
        return 0;
      }
    });
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

describe('a step that floods', () => {
  it('costs bounded memory and disk, and what is left out is counted', async () => {
    writeOutputLimits(bench.store, { startBytes: 1_000_000, endBytes: 3_000_000 });
    const lines = 20_000_000;
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', `echo first; yes "fifteen letters" | head -n ${lines}; echo last`, 'timeout=3m')}`,
      ),
    );
    const before = process.memoryUsage().rss;
    let [disk, memory] = [0, 0];
    const state = await bench.until(
      run,
      (now) => {
        disk = Math.max(disk, spoolSize(run));
        memory = Math.max(memory, process.memoryUsage().rss);
        return hasEnded(now);
      },
      180_000,
    );
    expect(state.ended?.outcome).toBe('succeeded');
    // Start, end, and a piece of 4 MB at each of them and one in the making.
    expect(disk).toBeLessThan(4_000_000 + 4 * 4_194_304);
    expect(memory - before).toBeLessThan(200_000_000);
    const output = state.steps[0]?.attempts[0]?.result?.output;
    expect(output?.bytes).toBeLessThanOrEqual(4_000_000);
    expect((output?.bytes ?? 0) + (output?.leftOut?.bytes ?? 0)).toBe(lines * 16 + 11);
    const kept = bench.store.outputs.read(run, 'a', 1, 0, 10_000_000);
    const text = Buffer.concat(kept.map(({ bytes }) => bytes)).toString();
    expect(text).toMatch(/^first\nfifteen letters\n/);
    expect(text).toMatch(/\nfifteen letters\nlast\n$/);
    expect(text.split('\n').length - 1 + (output?.leftOut?.lines ?? 0)).toBe(lines + 2);
    expect(verifyRun(bench.store, run).bad).toBeNull();
    expect(makeReport(bench.store, run, 'md')).toMatch(/were counted and not kept/);
  }, 200_000);

  it('is bounded while nobody is there, and is taken up with its end', async () => {
    writeOutputLimits(bench.store, { startBytes: 1_000, endBytes: 2_000_000 });
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', 'echo begun; until test -e away; do sleep 0.05; done; yes "some words" | head -c 110000000; echo over; touch done', 'timeout=2m')}`,
      ),
    );
    await bench.until(run, () => bench.output(run, 'a').includes('begun'));
    await bench.reopen();
    const away = join(bench.home, 'runbooks');
    writeFileSync(join(away, 'away'), '');
    let disk = 0;
    while (!existsSync(join(away, 'done'))) {
      disk = Math.max(disk, spoolSize(run));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(disk).toBeLessThan(2_001_000 + 4 * 4_194_304);
    await bench.engine.resume(run);
    const state = await bench.until(run, hasEnded, 60_000);
    const output = state.steps[0]?.attempts[0]?.result?.output;
    expect((output?.bytes ?? 0) + (output?.leftOut?.bytes ?? 0)).toBe(110_000_011);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  }, 150_000);

  it('can be cancelled while it floods', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'yes', 'timeout=3m')}`));
    await bench.until(run, () => bench.output(run, 'a').length > 0);
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'cancelled', 30_000);
    expect(state.steps[0]?.attempts[0]?.result?.signal).toBe('SIGTERM');
  }, 60_000);
});
