import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type PnoPhysicsBench, startPnoPhysicsBench } from './pno-physics-bench/system.ts';
import { kubectl, rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';

/** N9: a namespace is lost with all that it held, and built up again from one archive. */

const range = rangeServers();
const RECOVER = 'pno-physics-bench/recover-from-archive.md';

test.describe('pno-physics-bench', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: PnoPhysicsBench;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range !== null) system = await startPnoPhysicsBench(range);
  });

  test.afterAll(async () => {
    await system?.close();
  });

  const recover = (file: string, archive: string) =>
    system.place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `NAMESPACE=${system.place.namespace}`],
      ...['--input', `BUCKET=${system.bucket}`, '--input', `ARCHIVE=${archive}`],
      ...['--input', `FOLDER=${join(system.place.folder, 'recovery')}`],
      ...['--answer', 'declare=recover', '--answer', 'hand-over=done'],
    );

  test('an archive that was cut off is noticed before anything is built up', async () => {
    await system.loseEverything();
    const ended = await recover(runbook(RECOVER), '');
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toBe('archive-truncated');
    const namespaces = await kubectl(system.place.range, ['get', 'namespaces', '-o', 'name']);
    expect(namespaces).not.toContain(system.place.namespace);
  });

  test('N9: everything of the archive is there again', async () => {
    const ended = await recover(runbook(RECOVER), system.archive);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await system.expectRecovered();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Service', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
    ]);
  });

  test('a runbook that leaves out the models is caught from outside', async () => {
    await system.loseEverything();
    const { folder } = system.place;
    const copy = brokenCopy(RECOVER, folder, 'path: /app/models', 'path: /tmp/models');
    const ended = await recover(copy, system.archive);
    expect(ended.code).toBe(1);
    await expect(system.expectRecovered()).rejects.toThrow();
  });
});
