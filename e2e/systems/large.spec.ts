import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { start } from '../command-line.ts';
import { psql } from './observer.ts';
import { DATABASE, type ProteinSssl, startProteinSssl } from './protein-sssl/system.ts';
import { rangeServers } from './range.ts';
import { runbook, summaryOf } from './runs.ts';

/**
 * The main story with a dump of 2 GB. It takes a quarter of an hour and 12 GB of disk, so it runs
 * only where `MUSTER_LARGE=1` asks for it.
 */

const range = rangeServers();
/** Rows of 1,000 bytes that hardly compress: the packed dump has 2 GB. */
const ROWS = 2_750_000;
const MOST_MEMORY = 300 * 1024 * 1024;
const hour = 3_600_000;

test.describe('a dump of 2 GB', () => {
  test.skip(range === null || process.env.MUSTER_LARGE !== '1', 'MUSTER_LARGE=1 is not set');
  test.describe.configure({ mode: 'serial', timeout: hour });

  let system: ProteinSssl;

  test.beforeAll(async () => {
    test.setTimeout(hour);
    if (range === null) return;
    system = await startProteinSssl(range);
    await system.addTargets();
    await fill();
  });

  test.afterAll(async () => {
    await system?.close();
  });

  /** In pieces, so that no transaction is large. */
  async function fill(): Promise<void> {
    const piece = ROWS / 50;
    await psql(system.login, DATABASE, 'create table weights (id bigint, part text)');
    for (let from = 0; from < ROWS; from += piece) {
      const value = `(select string_agg(encode(sha512((n || '-' || k)::bytea), 'base64'), '')
        from generate_series(1, 11) k)`;
      const range = `generate_series(${from}, ${from + piece - 1}) n`;
      await psql(system.login, DATABASE, `insert into weights select n, ${value} from ${range}`);
    }
  }

  /** Runs Muster to its end; returns the most memory that its process had, in bytes. */
  async function measured(args: string[]): Promise<number> {
    const { child, end } = start(system.place.home, args, { limitMs: hour });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, peakOf(child.pid));
    }, 500);
    const ended = await end.finally(() => clearInterval(watch));
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    return most;
  }

  test('is backed up and restored within 300 MB of memory', async () => {
    const { place, bucket, login } = system;
    const inputs = (folder: string) => [
      ...['--target', 'primary=range', '--target', 'second-site=copies', '--yes', 'destructive'],
      ...[
        '--input',
        `BUCKET=${bucket}`,
        '--input',
        `FOLDER=${join(place.folder, folder)}`,
        '--json',
      ],
    ];
    const backUp = runbook('protein-sssl/back-up-database.md');
    const took = await measured(['run', backUp, '--mode', 'maintenance', ...inputs('backup')]);
    const sum = 'select count(*), sum(hashtext(part)::bigint) from weights';
    const held = await psql(login, DATABASE, sum);
    await psql(login, 'postgres', `drop database ${DATABASE} with (force)`);
    const restore = runbook('protein-sssl/restore-database.md');
    const answers = ['declare=restore', 'swap-it=yes', 'hand-over=done'];
    const gave = await measured([
      ...['run', restore, '--mode', 'incident', ...inputs('restore')],
      ...['--input', `FIRST_SITE=${place.range.s3.endpoint}`],
      ...answers.flatMap((answer) => ['--answer', answer]),
    ]);
    expect(await psql(login, DATABASE, sum)).toBe(held);
    console.log(`Most memory: ${took} bytes for the backup, ${gave} bytes for the restore.`);
    expect(Math.max(took, gave)).toBeLessThan(MOST_MEMORY);
  });
});

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // It has ended.
  }
}
