import { expect, test } from '@playwright/test';
import { type EnterprisePlatform, startEnterprisePlatform } from './enterprise-platform/system.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';

/** E7: a release that cannot start takes the API down, and is rolled back. */

const range = rangeServers();
const ROLL_BACK = 'enterprise-platform/emergency-rollback.md';

test.describe('enterprise-platform', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: EnterprisePlatform;

  test.beforeAll(async () => {
    test.setTimeout(120_000);
    if (range !== null) system = await startEnterprisePlatform(range);
  });

  test.afterAll(async () => {
    await system?.close();
  });

  const rollBack = (file: string) =>
    system.place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--answer', 'cause=release', '--answer', 'hand-over=done'],
    );

  test('a runbook that leaves out the rollback is caught from outside', async () => {
    await system.releaseBadly();
    const step = (more: string) => `{id=undo risk=disruptive timeout=5m undo=auto${more}}`;
    const copy = brokenCopy(
      ROLL_BACK,
      system.place.folder,
      step(''),
      step(` if="cause == 'other'"`),
    );
    const ended = await rollBack(copy);
    expect(ended.code).not.toBe(0);
    await expect(system.expectRolledBack()).rejects.toThrow();
  });

  test('E7: the release before serves again, and the time it took is measured', async () => {
    const ended = await rollBack(runbook(ROLL_BACK));
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await system.expectRolledBack();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Anomaly detection API', verdict: 'met', rtoMs: expect.any(Number) },
    ]);
  });
});
