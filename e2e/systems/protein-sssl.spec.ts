import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Between, proxyTo } from '../../src/engine/objects/test/proxy.ts';
import { psql } from './observer.ts';
import { DATABASE, type ProteinSssl, startProteinSssl } from './protein-sssl/system.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';

/** P2 and the main story: a live database is backed up, destroyed, and restored from either site. */

const range = rangeServers();
const RESTORE = 'protein-sssl/restore-database.md';
const BACK_UP = 'protein-sssl/back-up-database.md';

test.describe('protein-sssl', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let system: ProteinSssl;
  let site: Between;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range === null) return;
    site = await proxyTo(range.s3.endpoint);
    system = await startProteinSssl(range);
    await system.addTargets(site.endpoint);
  });

  test.afterAll(async () => {
    await system?.close();
    await site?.close();
  });

  /** Restores to the end, as a person would answer. */
  const restore = (file: string, ...more: string[]) =>
    system.place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--target', 'second-site=copies'],
      ...['--input', `BUCKET=${system.bucket}`, '--input', `FIRST_SITE=${site.endpoint}`],
      ...['--input', `FOLDER=${join(system.place.folder, 'restore')}`],
      ...['--answer', 'declare=restore', '--answer', 'swap-it=yes', '--answer', 'hand-over=done'],
      ...more,
    );

  const destroy = () =>
    psql(system.login, 'postgres', `drop database if exists ${DATABASE} with (force)`);

  test('a backup that was cut off is noticed before anything is touched', async () => {
    const before = await system.held(system.backup.time);
    const ended = await restore(runbook(RESTORE));
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toBe('archive-truncated');
    expect(await system.held(system.backup.time)).toEqual(before);
    const databases = 'select count(*) from pg_database where datname like $$protein%$$';
    expect(await psql(system.login, 'postgres', databases)).toBe('1');
  });

  test('P2: the whole backup is restored, and measured', async () => {
    await psql(system.login, DATABASE, 'delete from predictions where id % 2 = 0');
    const { key, time, held } = system.backup;
    expect(await system.held(time)).not.toEqual(held);
    const ended = await restore(runbook(RESTORE), '--input', `BACKUP=${key}`);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await system.expectRestored(time, held);
    const [database] = summaryOf(ended).measures;
    expect(database).toMatchObject({ component: 'Database', verdict: 'met' });
    expect(database?.rtoMs).toBeGreaterThan(0);
    expect(database?.rpoMs).toBeGreaterThan(0);
  });

  test('P2: a runbook that leaves out the swap is caught from outside', async () => {
    await psql(system.login, DATABASE, 'delete from predictions where id % 3 = 0');
    const { key, time, held } = system.backup;
    const swaps = (answer: string) => `undo=auto if="swap-it == '${answer}'"}\nswap:`;
    const copy = brokenCopy(RESTORE, system.place.folder, swaps('yes'), swaps('never'));
    const ended = await restore(copy, '--input', `BACKUP=${key}`);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(system.expectRestored(time, held)).rejects.toThrow();
  });

  test('backed up, destroyed, restored from the first site and from the second', async () => {
    const { place, bucket } = system;
    const sites = [place.first, place.second];
    for (const site of sites) {
      const old = 'database/2026/01/05/protein_sssl_20260105_020000.sql.gz';
      await site.put(bucket, old, 'of long ago');
      await site.put(bucket, `${old}.manifest.json`, '{}');
    }
    const backUp = await place.muster(
      ...['run', runbook(BACK_UP), '--mode', 'maintenance', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--target', 'second-site=copies'],
      ...['--input', `BUCKET=${bucket}`, '--input', `FOLDER=${join(place.folder, 'backup')}`],
      ...['--input', 'KEEP_LAST=2'],
    );
    expect(summaryOf(backUp)).toMatchObject({ problem: null, outcome: 'succeeded' });
    for (const site of sites) {
      const keys = await site.keys(bucket);
      expect(keys.filter((key) => key.includes('/2026/01/'))).toEqual([]);
      expect(keys).toContain(system.backup.key);
      expect(keys.filter((key) => key.endsWith('.manifest.json'))).toHaveLength(1);
    }
    const manifest = await newestManifest();
    // Writes go on; what stands in the manifest is one moment.
    const held = await system.held(manifest.recoveryPoint);
    expect(held.map((line) => Number(line.split(' ')[1]))).toEqual([
      manifest.rows['public.proteins'],
      manifest.rows['public.predictions'],
    ]);

    await destroy();
    const first = await restore(runbook(RESTORE));
    expect(summaryOf(first)).toMatchObject({ problem: null, outcome: 'succeeded' });
    expect(statuses(first)).toMatchObject({
      'choose-first': 'succeeded',
      'choose-second': 'skipped',
    });
    await system.expectRestored(manifest.recoveryPoint, held);

    await destroy();
    site.cut();
    try {
      const second = await restore(runbook(RESTORE));
      expect(summaryOf(second)).toMatchObject({ problem: null, outcome: 'succeeded' });
      expect(statuses(second)).toMatchObject({
        'choose-first': 'skipped',
        'choose-second': 'succeeded',
      });
      await system.expectRestored(manifest.recoveryPoint, held);
      expect(summaryOf(second).measures[0]).toMatchObject({ verdict: 'met' });
    } finally {
      site.restore();
    }
  });

  async function newestManifest(): Promise<{
    recoveryPoint: string;
    rows: Record<string, number>;
  }> {
    const keys = await system.place.first.keys(system.bucket);
    const key =
      keys
        .filter((one) => one.endsWith('.manifest.json'))
        .sort()
        .at(-1) ?? '';
    return JSON.parse((await system.place.first.get(system.bucket, key)).toString());
  }
});

function statuses(ended: Parameters<typeof summaryOf>[0]): Record<string, string> {
  return Object.fromEntries(summaryOf(ended).steps.map(({ id, status }) => [id, status]));
}
