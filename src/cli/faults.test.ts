import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mayMount, mountDisk, readOnlyFolder } from '../store/test/disk.ts';
import {
  annotated,
  folder,
  lines,
  muster,
  runbook,
  shellStep,
  start,
  summary,
  until,
} from './test/muster.ts';

/** What happens to the store and to a step's process while the command line depends on them. */

const two = annotated(shellStep('a', 'echo one') + shellStep('b', 'echo two'));

async function runOf(home: string): Promise<string> {
  const [run] = JSON.parse((await muster(home, 'runs', '--json')).out) as { id: string }[];
  return run?.id ?? '';
}

describe('a store that cannot be used', () => {
  it('because its folder is read-only says so, and what to set', async () => {
    const disk = readOnlyFolder();
    onTestFinished(disk.remove);
    for (const args of [['run', runbook(two), '--auto'], ['runs']]) {
      const { code, out, err } = await muster(disk.path, ...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toBe(
        `Muster cannot write its database ${disk.path}/muster.db.\nNothing was changed.\nAllow writing in ${disk.path}, or set MUSTER_HOME to a folder that can be written.\n`,
      );
    }
    expect((await muster(disk.path, 'show', runbook(two))).code).toBe(0);
  });

  it('because another program holds it says so, and works once it is let go', async () => {
    const home = folder();
    expect((await muster(home, 'run', runbook(two), '--auto')).code).toBe(0);
    const other = new Database(join(home, 'muster.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN EXCLUSIVE');
    const { code, out, err } = await muster(home, 'run', runbook(two), '--auto');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`Another program kept the database ${join(home, 'muster.db')} locked`);
    expect(err).toContain('Nothing was written; what was recorded before is kept.');
    expect(err).toContain('Close other programs that work on this file');
    other.exec('COMMIT');
    expect((await muster(home, 'run', runbook(two), '--auto')).code).toBe(0);
    expect(JSON.parse((await muster(home, 'runs', '--json')).out)).toHaveLength(2);
  });

  it.each([
    ['is no database', () => Buffer.from('This was a database once.\n'.repeat(400))],
    [
      'lost its middle',
      (whole: Buffer) =>
        Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xa5)]),
    ],
    ['lost its end', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
  ])('because the file %s says so, and leaves the file as it is', async (_name, spoil) => {
    const home = folder();
    expect((await muster(home, 'run', runbook(two), '--auto')).code).toBe(0);
    const file = join(home, 'muster.db');
    const spoilt = spoil(readFileSync(file));
    writeFileSync(file, spoilt);
    const { code, out, err } = await muster(home, 'run', runbook(two), '--auto');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`The database ${file} is damaged.`);
    expect(err).toContain('The file is left exactly as it is');
    expect(err).toContain('set MUSTER_HOME to a new folder');
    expect(readFileSync(file).equals(spoilt)).toBe(true);
  });
});

describe.runIf(mayMount)('a full disk (needs root on Linux)', () => {
  it('before the run: nothing runs, and the message names the disk', async () => {
    const disk = mountDisk('size=2m');
    onTestFinished(disk.unmount);
    disk.fill();
    const { code, out, err } = await muster(disk.path, 'run', runbook(two), '--auto');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`The disk that holds ${disk.path} is full.`);
    expect(err).toContain('Free some space on that disk, then try again.');
    disk.free();
    expect((await muster(disk.path, 'run', runbook(two), '--auto')).code).toBe(0);
  });

  it('while a step runs: what was recorded is kept, and the run ends once there is room', async () => {
    const disk = mountDisk('size=4m');
    onTestFinished(disk.unmount);
    const go = join(folder(), 'go');
    const flood = `until test -e '${go}'; do sleep 0.05; done\nhead -c 3000000 /dev/urandom | od -v\n`;
    const file = runbook(
      annotated(shellStep('a', 'echo one') + shellStep('b', flood) + shellStep('c', 'echo three')),
    );
    const { end } = start(disk.path, ['run', file, '--auto', '--json']);
    await until(() => existsSync(join(disk.path, 'spool')));
    await until(async () => (await muster(disk.path, 'runs')).out.includes('1/3 steps'));
    disk.fill();
    writeFileSync(go, '');
    const { code, out, err } = await end;
    expect(err).not.toContain('fault of its own');
    const last = summary(out);
    // Either the output or the end of the step found no room.
    expect({ code, state: last.state }).toEqual({ code: 2, state: 'stopped' });
    expect(last.problem).toMatchObject({
      code: 'disk-full',
      safe: expect.stringContaining('kept'),
      next: expect.stringContaining('Free some space'),
    });
    expect(last.steps[0]).toMatchObject({ id: 'a', status: 'succeeded' });
    const told = lines(out).slice(0, -1) as { seq: number; hash: string }[];

    disk.free();
    const run = last.id;
    const verified = await muster(disk.path, 'verify', run, '--json');
    expect(JSON.parse(verified.out)).toMatchObject({
      bad: null,
      events: told.length,
      head: told.at(-1)?.hash,
    });
    // Its end could not be written either, so nobody can tell: a person says so.
    rmSync(file);
    const held = await muster(disk.path, 'resume', run, '--json');
    expect(summary(held.out).steps[1]?.status).toMatch(/unknown|failed/);
    const how = summary(held.out).steps[1]?.status === 'unknown' ? 'succeeded' : 'skip';
    const resumed = await muster(
      disk.path,
      'resume',
      run,
      '--resolve',
      `b=${how}`,
      '--auto',
      '--json',
    );
    expect({ code: resumed.code, outcome: summary(resumed.out).outcome }).toEqual({
      code: 0,
      outcome: 'succeeded',
    });
    expect(summary(resumed.out).steps[0]?.attempts).toBe(1);
    expect((await muster(disk.path, 'verify', run)).code).toBe(0);
  });

  it('that refuses only the report does not make a run that succeeded look failed', async () => {
    const disk = mountDisk('size=4m');
    onTestFinished(disk.unmount);
    writeFileSync(join(disk.path, 'reports'), 'in the way');
    const { code, err } = await muster(disk.path, 'run', runbook(two), '--auto');
    expect(code).toBe(0);
    expect(err).toMatch(/^The report could not be kept: .*\nThe record is complete\./);
  });
});

describe('a runbook that goes during its run', () => {
  it('does not stop it, and the record keeps the text', async () => {
    const home = folder();
    const go = join(folder(), 'go');
    const file = runbook(
      annotated(
        shellStep('a', `until test -e '${go}'; do sleep 0.05; done`) + shellStep('b', 'echo two'),
      ),
    );
    const { end } = start(home, ['run', file, '--auto', '--json']);
    await until(async () => (await muster(home, 'runs')).out.includes('running'));
    rmSync(file);
    writeFileSync(go, '');
    const { code, out } = await end;
    expect(code).toBe(0);
    expect((await muster(home, 'report', summary(out).id)).out).toContain('echo two');
  });

  it('with its folder: the next step fails in as many words, and runs once it is back', async () => {
    const home = folder();
    const at = join(folder(), 'guides');
    mkdirSync(at);
    const file = join(at, 'runbook.md');
    const [begun, go] = [join(folder(), 'begun'), join(folder(), 'go')];
    writeFileSync(
      file,
      annotated(
        shellStep('a', `touch '${begun}'; until test -e '${go}'; do sleep 0.05; done`) +
          shellStep('b', 'pwd'),
      ),
    );
    const { end } = start(home, ['run', file, '--auto', '--json']);
    // The record says that it runs a moment before its process is there.
    await until(() => existsSync(begun));
    const aside = `${at}-aside`;
    mkdirSync(aside);
    copyFileSync(file, join(aside, 'runbook.md'));
    rmSync(at, { recursive: true });
    writeFileSync(go, '');
    const { code, out } = await end;
    expect(code).toBe(1);
    expect(summary(out).problem).toMatchObject({
      code: 'folder-gone',
      what: `The runbook's folder, where its steps run, is gone: ${dirname(file)}.`,
      next: expect.stringContaining('Put the folder back and retry'),
    });
    mkdirSync(at);
    const resumed = await muster(home, 'resume', summary(out).id, '--resolve', 'b=retry', '--auto');
    expect(resumed.code).toBe(0);
  });
});

describe('a step whose process died while nobody watched', () => {
  async function lost(): Promise<{ home: string; run: string; again: string }> {
    const home = folder();
    const again = join(folder(), 'again');
    const file = runbook(
      annotated(
        shellStep('a', `echo begun; test -e '${again}' || sleep 60`) + shellStep('b', 'echo two'),
      ),
    );
    const { child, end } = start(home, ['run', file, '--auto', '--json']);
    await until(async () => (await muster(home, 'runs')).out.includes('running'));
    const run = await runOf(home);
    const supervisor = join(home, 'spool', run, '0001-1', 'process');
    await until(() => existsSync(supervisor) && readFileSync(supervisor, 'utf8').includes('\n'));
    child.kill('SIGKILL');
    await end;
    const pid = Number(readFileSync(supervisor, 'utf8').split('\n')[0]);
    process.kill(-pid, 'SIGKILL');
    return { home, run, again };
  }

  it('is unknown, is not run again, and says what to look at', async () => {
    const { home, run } = await lost();
    const { code, out } = await muster(home, 'resume', run, '--auto');
    expect(code).toBe(1);
    expect(out).toContain('Nobody can tell how "Step a" ended.');
    expect(out).toContain('It was not run a second time.');
    expect(out).toContain(`muster resume ${run} --resolve a=succeeded|failed|retry`);
    const wrong = await muster(home, 'resume', run, '--resolve', 'a=skip');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('succeeded, failed or retry for an unknown one');
  });

  it.each([
    ['succeeded', 0, ['succeeded', 'succeeded'], 1],
    ['failed', 1, ['failed', 'pending'], 1],
    ['retry', 0, ['succeeded', 'succeeded'], 2],
  ] as const)('goes on as a person says: %s', async (as, code, statuses, attempts) => {
    const { home, run, again } = await lost();
    writeFileSync(again, '');
    const options = ['--resolve', `a=${as}`, '--reason', 'Looked at the database.', '--auto'];
    const resumed = await muster(home, 'resume', run, ...options, '--json');
    expect(resumed.code).toBe(code);
    const { steps } = summary(resumed.out);
    expect(steps.map(({ status }) => status)).toEqual(statuses);
    expect(steps[0]?.attempts).toBe(attempts);
    const report = await muster(home, 'report', run, '--format', 'md');
    expect(report.out).toContain('Looked at the database.');
    expect((await muster(home, 'verify', run)).code).toBe(0);
  });
});
