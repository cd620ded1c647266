import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayMount, mountDisk } from '../../store/test/disk.ts';
import { defaultOutputLimits } from '../output-limits.ts';
import { isGroupAlive, isSameProcess, processStart } from './identity.ts';
import { inspect, isSupervised, launch, livingGroup, readExit } from './session.ts';
import { piecesOf } from './spool.ts';

let dir: string;
const groups: number[] = [];

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'muster-session-')), 'attempt');
});
afterEach(() => {
  for (const group of groups.splice(0)) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // Ended by itself.
    }
  }
  rmSync(join(dir, '..'), { recursive: true, force: true });
});

async function begin(code: string, apart = false, limits = defaultOutputLimits) {
  const child = await launch({
    dir,
    code,
    interpreter: ['/bin/sh', '-e'],
    cwd: join(dir, '..'),
    env: { PATH: process.env.PATH ?? '', GREETING: 'hello' },
    apart,
    limits,
  });
  groups.push(child.pid ?? 0);
  return child;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let look = 0; look < 250 && !condition(); look += 1) await pause(20);
  expect(condition()).toBe(true);
};
/** The commands are under way, and not only the supervisor. */
const hasBegun = (): boolean => printed('out') === 'begun\n';
const read = (path: string): string => readFileSync(path, 'utf8');
const printed = (stream: 'out' | 'err'): string =>
  piecesOf(dir, stream)
    .map(({ path }) => read(path))
    .join('');
/** The end is known, and all that was printed is written down. */
const isOver = (): boolean => readExit(dir) !== null && !isSupervised(dir);

describe('a step session', () => {
  it('keeps output and exit code in files', async () => {
    await begin('echo "$GREETING"; echo oops >&2; exit 7');
    await until(isOver);
    expect(inspect(dir)).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(printed('out')).toBe('hello\noops\n');
  });

  it('keeps standard error apart when asked', async () => {
    await begin('echo value; echo noise >&2', true);
    await until(isOver);
    expect(printed('out')).toBe('value\n');
    expect(printed('err')).toBe('noise\n');
  });

  it('leads a session of its own', async () => {
    const child = await begin('sleep 30');
    await until(() => livingGroup(dir) !== null);
    expect(livingGroup(dir)).toBe(child.pid);
    const fields = read(`/proc/${child.pid}/stat`).split(') ')[1]?.split(' ') ?? [];
    expect(fields.slice(2, 4)).toEqual([String(child.pid), String(child.pid)]);
  });

  it('records the end when its commands are ended by TERM', async () => {
    const child = await begin('echo begun; sleep 30');
    await until(hasBegun);
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await until(() => readExit(dir) !== null);
    expect(readExit(dir)?.exitCode).toBe(143);
  });

  it('is lost when all of it is killed', async () => {
    const child = await begin('echo begun; sleep 30');
    await until(hasBegun);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await until(() => inspect(dir).kind === 'lost');
  });

  it('goes on while its commands do, though the supervisor was killed, and its end is recorded', async () => {
    const child = await begin('echo begun; until test -e over; do sleep 0.05; done; exit 4');
    await until(hasBegun);
    process.kill(child.pid ?? 0, 'SIGKILL');
    await pause(100);
    expect(inspect(dir)).toMatchObject({ kind: 'running', group: child.pid });
    writeFileSync(join(dir, '..', 'over'), '');
    await until(() => inspect(dir).kind !== 'running');
    expect(inspect(dir)).toMatchObject({ kind: 'ended', exitCode: 4 });
  });

  it('ends though what it left behind holds its output, which is read on and never blocks', async () => {
    const child = await begin(
      '(echo behind; until test -e over; do sleep 0.05; done; yes | head -c 9000000; touch alive) & echo done',
    );
    await until(() => readExit(dir) !== null);
    expect(isSupervised(dir)).toBe(true);
    expect(livingGroup(dir)).toBe(child.pid);
    // As Muster does when the end is recorded.
    const beside = join(dir, '..');
    rmSync(dir, { recursive: true });
    writeFileSync(join(beside, 'over'), '');
    await until(() => existsSync(join(beside, 'alive')));
    await until(() => !isGroupAlive(child.pid ?? 0));
  });

  it('keeps start and end of a flood on disk, and can tell what is missing', async () => {
    await begin('i=0; while [ $i -lt 60 ]; do yes | head -c 1000000; i=$((i+1)); done', false, {
      startBytes: 1,
      endBytes: 6_000_000,
    });
    await until(isOver);
    const pieces = piecesOf(dir, 'out');
    const sizes = pieces.map(({ path }) => statSync(path).size);
    // One piece for the start; of the end less than two more than asked for.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_000_000 + 3 * 4_194_304);
    expect(pieces[0]).toMatchObject({ at: 0, lines: 0 });
    for (const { at, lines } of pieces) expect(lines).toBe(at / 2);
    const last = pieces.at(-1);
    expect((last?.at ?? 0) + (sizes.at(-1) ?? 0)).toBe(60_000_000);
    const kept = pieces.slice(1).map(({ at }, index) => at + (sizes[index + 1] ?? 0));
    // No hole but the one after the start.
    expect(pieces.slice(2).map(({ at }) => at)).toEqual(kept.slice(0, -1));
    expect((pieces[1]?.at ?? 0) <= 54_000_000).toBe(true);
  });

  it.runIf(mayMount)(
    'goes on when its disk is full, and counts what it does not keep',
    async () => {
      const disk = mountDisk('size=6m');
      dir = join(disk.path, 'attempt');
      try {
        await begin(
          'yes | head -c 30000000; until test -e room; do sleep 0.01; done; yes | head -c 9000000; echo again',
        );
        await until(() => statfsSync(disk.path).bavail === 0);
        disk.remount('size=40m');
        writeFileSync(join(disk.path, 'room'), '');
        await until(isOver);
        expect(readExit(dir)?.exitCode).toBe(0);
        const last = piecesOf(dir, 'out').at(-1);
        if (!last) throw new Error('Nothing was kept');
        expect(read(last.path)).toMatch(/(^|\n)again\n$/);
        // All but the one block of dd's that could not be written is counted.
        const uncounted = 39_000_006 - (last.at + statSync(last.path).size);
        expect(uncounted).toBeGreaterThanOrEqual(0);
        expect(uncounted).toBeLessThanOrEqual(16_384);
      } finally {
        disk.unmount();
      }
    },
  );

  it.each([
    [
      'another start of the system',
      (claim: string) => claim.replace(/\n[^\n]+\n/, '\nanother-boot\n'),
    ],
    [
      'another process with the number',
      (claim: string) => claim.replace(/(?<=\) (?:\S+ ){19})\d+/, '1'),
    ],
  ])('takes no group of %s for its own', async (_, change) => {
    // Somebody else leads a living group with the number that the claim names.
    const child = await begin('sleep 30');
    await until(() => livingGroup(dir) !== null);
    const file = join(dir, 'process');
    writeFileSync(file, change(read(file)));
    expect(livingGroup(dir)).toBeNull();
    expect(isGroupAlive(child.pid ?? 0)).toBe(true);
  });

  it('never runs once somebody else claimed it', async () => {
    mkdirSync(dir, { recursive: true });
    expect(inspect(dir).kind).toBe('never-ran');
    const child = await begin('echo ran');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(child.exitCode).toBe(120);
    expect(piecesOf(dir, 'out')).toEqual([]);
    expect(inspect(dir).kind).toBe('never-ran');
  });

  it('has never run where there is no folder', () => {
    expect(inspect(dir).kind).toBe('never-ran');
    expect(existsSync(dir)).toBe(false);
  });

  it('does not take a half-written exit code for an end', async () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'exit'), '1');
    expect(readExit(dir)).toBeNull();
  });
});

describe('the identity of a process', () => {
  it('holds for this one and for no other start', () => {
    const start = processStart(process.pid) ?? '';
    expect(isSameProcess(process.pid, start)).toBe(true);
    expect(isSameProcess(process.pid, `${start}0`)).toBe(false);
  });

  it('takes a zombie for gone', async () => {
    // Its parent, a shell that became `sleep`, never collects it.
    const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 30'], { detached: true });
    groups.push(parent.pid ?? 0);
    const zombie = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (line: Buffer) => resolve(Number(line)));
    });
    await until(() => processStart(zombie) === null);
  });

  it('knows an empty group', async () => {
    const child = spawn('/bin/true', { detached: true });
    await new Promise((resolve) => child.once('exit', resolve));
    expect(isGroupAlive(child.pid ?? 0)).toBe(false);
  });
});
