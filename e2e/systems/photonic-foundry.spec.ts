import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type PhotonicFoundry, startPhotonicFoundry } from './photonic-foundry/system.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';

/** F2: PostgreSQL from one dump, with the application stopped. */

const range = rangeServers();
const RESTORE = 'photonic-foundry/restore-postgres.md';

test.describe('photonic-foundry', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: PhotonicFoundry;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range !== null) system = await startPhotonicFoundry(range);
  });

  test.afterAll(async () => {
    await system?.close();
  });

  const restore = (file: string, from: string) =>
    system.place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `DUMP=${from}`],
      ...['--input', `TAKEN=${system.taken}`],
      ...['--answer', 'declare=restore', '--answer', 'replace=yes', '--answer', 'hand-over=done'],
    );

  test('a dump that was cut off changes nothing, and the application goes on', async () => {
    const cut = join(system.place.folder, 'cut.dump');
    const whole = readFileSync(system.dump);
    writeFileSync(cut, whole.subarray(0, Math.floor(whole.length * 0.7)));
    const ended = await restore(runbook(RESTORE), cut);
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toMatch(/^dump-/);
    await system.expectRestored();
  });

  test('a runbook without the swap is caught from outside', async () => {
    await system.loseData();
    const swaps = (answer: string) => `undo=auto if="replace == '${answer}'"}\nswap:`;
    const copy = brokenCopy(RESTORE, system.place.folder, swaps('yes'), swaps('never'));
    const ended = await restore(copy, system.dump);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(system.expectRestored()).rejects.toThrow();
  });

  test('F2: all data is that of the dump again, and the time it took is measured', async () => {
    const ended = await restore(runbook(RESTORE), system.dump);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await system.expectRestored();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Application', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
      { component: 'Database', rtoMs: expect.any(Number), verdict: 'met' },
    ]);
  });
});
