import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allSteps } from '../../../core/runbook/model.ts';
import { parse } from '../../../core/runbook/parse.ts';
import { readCaptures } from '../../captures.ts';
import { startPracticeRange } from './range.ts';

const text = readFileSync(
  new URL('../../../../runbooks/practice/restore-orders.md', import.meta.url),
  'utf8',
);
const runbook = parse(text);
const steps = allSteps(runbook);

/** A range with the drill's steps on it, run one by one as the engine runs them. */
async function drill(shell: [string, ...string[]] = ['sh']) {
  const dir = mkdtempSync(join(tmpdir(), 'muster-drill-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const range = await startPracticeRange({ dir: join(dir, 'range') });
  onTestFinished(() => range.close());
  const captures: Record<string, string> = {};
  const env = () => ({
    PATH: process.env.PATH ?? '',
    PROBE_CUSTOMER: 'drill-probe',
    ...range.env,
    ...captures,
  });

  function begin(id: string) {
    const step = steps.find((candidate) => candidate.id === id);
    if (step?.action?.kind !== 'shell') throw new Error(`the runbook has no shell step ${id}`);
    const file = join(dir, `${id}.sh`);
    writeFileSync(file, step.action.code);
    const [program, ...args] = shell;
    const child = spawn(program, [...args, '-e', file], { cwd: dir, env: env(), detached: true });
    let out = '';
    child.stdout.on('data', (data) => {
      out += String(data);
    });
    child.stderr.on('data', (data) => {
      out += String(data);
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { action: step.action, child, ended, output: () => out };
  }

  /** Runs a step; it must succeed. */
  async function run(...ids: string[]): Promise<string> {
    let output = '';
    for (const id of ids) {
      const { action, ended, output: printed } = begin(id);
      const code = await ended;
      output = printed();
      expect({ id, code, output }).toMatchObject({ id, code: 0 });
      const { values, missing } = readCaptures(action.captures, output);
      expect(missing).toBeNull();
      Object.assign(captures, values);
    }
    return output;
  }

  return { range, captures, begin, run };
}

const upToBackup = ['healthy', 'count', 'damage', 'noticed', 'find'];

describe('the drill', () => {
  it('restores the newest good backup, in pieces', async () => {
    const { run, captures, range } = await drill();
    await run('healthy', 'count', 'damage');
    expect(await run('noticed')).toMatch(/^reason=.+/);
    const declared = Date.now();

    const found = await run('find');
    expect(found).toMatch(
      /damaged {2}orders-\S+\.db: cksum says \d+ \d+, the manifest says \d+ \d+/,
    );
    const names = readdirSync(range.env.ORDERS_BACKUPS ?? '').filter((name) =>
      name.endsWith('.db'),
    );
    expect(basename(captures.BACKUP ?? '')).toBe(names.sort()[1]);
    const rpo = (declared - Date.parse(captures.BACKUP_TIME ?? '')) / 60_000;
    expect(rpo).toBeGreaterThan(19);
    expect(rpo).toBeLessThan(25);

    await run('stop', 'set-aside');
    expect(await run('copy-in-pieces')).toMatch(/100 % {2}piece (\d+) of \1\n$/);
    await run('verify', 'put-in-place', 'put-in-place', 'start', 'rows');
    expect(await run('probe')).toContain('customer=drill-probe');
    const lost = /^lost=(\d+)$/m.exec(await run('losses'))?.[1];
    expect(Number(lost)).toBeGreaterThan(100);
    expect(Number(captures.ROWS_BEFORE)).toBeGreaterThan(Number(captures.BACKUP_ROWS));
  }, 60_000);

  it('restores at once, in another shell, and steps back to the time before', async () => {
    const { run, captures } = await drill(['bash', '--posix']);
    await run(...upToBackup, 'stop', 'set-aside', 'copy-at-once', 'verify', 'put-in-place');
    await run('start', 'rows', 'probe', 'put-back', 'healthy');
    const before = Number(captures.ROWS_BEFORE);
    await run('count');
    expect(Number(captures.ROWS_BEFORE)).toBeGreaterThanOrEqual(before);
  }, 60_000);

  it('can be copied again after a copy that was cut off, and a cut copy is noticed', async () => {
    const { run, begin, range } = await drill();
    await run(...upToBackup, 'stop', 'set-aside');
    const cut = begin('copy-in-pieces');
    while (!cut.output().includes('piece 2 ')) await pause(20);
    if (cut.child.pid) process.kill(-cut.child.pid, 'SIGKILL');
    await cut.ended;
    expect(statSync(`${range.env.ORDERS_DB}.restoring`).size).toBeGreaterThan(0);
    const verify = begin('verify');
    expect(await verify.ended).not.toBe(0);
    await run('copy-at-once', 'verify', 'put-in-place', 'start', 'rows');
  }, 60_000);

  it('undoes the damage by itself, before anything was restored', async () => {
    const { run } = await drill();
    await run('damage', 'damage', 'noticed', 'put-back', 'healthy');
  }, 60_000);

  it('says so when no backup is whole, and when the service does not notice', async () => {
    const { begin, range } = await drill();
    const backups = range.env.ORDERS_BACKUPS ?? '';
    for (const name of readdirSync(backups).filter((file) => file.endsWith('.db'))) {
      writeFileSync(join(backups, name), 'nothing');
    }
    const find = begin('find');
    const noticed = begin('noticed');
    expect(await find.ended).toBe(1);
    expect(find.output()).toContain('No backup is whole');
    expect(await noticed.ended).toBe(1);
    expect(noticed.output()).toContain('still says that it is healthy');
  }, 60_000);
});

describe('the runbook', () => {
  it('has nothing that the parser finds fault with', () => {
    expect(runbook.findings).toEqual([]);
    expect(runbook.requires.range).toBe('practice');
  });

  it('has a time limit on every step of the machine, and a way back from what does harm', () => {
    const shell = steps.filter((step) => step.action?.kind === 'shell');
    expect(shell.length).toBeGreaterThan(12);
    expect(shell.filter((step) => step.timeoutMs === null)).toEqual([]);
    expect(shell.filter((step) => step.risk !== 'safe' && step.undo === null)).toEqual([]);
  });

  it('promises what one step of it proves', () => {
    const proven = steps.flatMap((step) => step.proves);
    expect(proven).toEqual(runbook.objectives.map((objective) => objective.component));
    expect(steps.filter((step) => step.declares)).toHaveLength(1);
  });
});
