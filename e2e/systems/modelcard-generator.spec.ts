import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  API_KEY,
  BROKEN_DAY,
  GOOD_DAY,
  type ModelcardGenerator,
  startModelcardGenerator,
} from './modelcard-generator/system.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';

/** M8: database, files, configuration and secrets go back to one day's backup. */

const range = rangeServers();
const RECOVER = 'modelcard-generator/recover-date.md';

test.describe('modelcard-generator', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: ModelcardGenerator;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range !== null) system = await startModelcardGenerator(range);
  });

  test.afterAll(async () => {
    await system?.close();
  });

  const recover = (file: string, day: string) =>
    system.place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `BUCKET=${system.bucket}`],
      ...['--input', `DATE=${day}`],
      ...['--input', `FOLDER=${join(system.place.folder, 'recovery')}`],
      ...['--answer', 'declare=recover', '--answer', 'replace=yes', '--answer', 'hand-over=done'],
    );

  test('a day with a broken part is no backup, and nothing is touched', async () => {
    await system.damage();
    const before = await system.rows();
    const ended = await recover(runbook(RECOVER), BROKEN_DAY);
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toBe('archive-truncated');
    expect(await system.rows()).toEqual(before);
    await expect(system.expectRecovered()).rejects.toThrow();
  });

  test('a runbook that leaves out the swap is caught from outside', async () => {
    const swaps = (answer: string) => `undo=auto if="replace == '${answer}'"}\nswap:`;
    const copy = brokenCopy(RECOVER, system.place.folder, swaps('yes'), swaps('never'));
    const ended = await recover(copy, GOOD_DAY);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(system.expectRecovered()).rejects.toThrow();
  });

  test('M8: all of that day is back, and no record shows a secret', async () => {
    await system.damage();
    const ended = await recover(runbook(RECOVER), GOOD_DAY);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await system.expectRecovered();
    const { id, measures } = summaryOf(ended);
    expect(measures).toMatchObject([
      { component: 'Model cards', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
    ]);
    const report = await system.place.muster('report', id, '--format', 'json');
    const encoded = Buffer.from(API_KEY).toString('base64');
    for (const text of [API_KEY, encoded]) expect(report.out + ended.out).not.toContain(text);
  });
});
