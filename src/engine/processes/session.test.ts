import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isGroupAlive, isSameProcess, processStart } from './identity.ts';
import { inspect, launch, livingGroup, readExit, sessionFiles } from './session.ts';

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

async function begin(code: string, apart = false) {
  const child = await launch({
    dir,
    code,
    interpreter: ['/bin/sh', '-e'],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', GREETING: 'hello' },
    apart,
  });
  groups.push(child.pid ?? 0);
  return child;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let look = 0; look < 250 && !condition(); look += 1) await pause(20);
  expect(condition()).toBe(true);
};
/** The commands are under way, and not only the supervisor. */
const hasBegun = (): boolean =>
  existsSync(sessionFiles(dir).out) && read(sessionFiles(dir).out) === 'begun\n';
const read = (path: string): string => readFileSync(path, 'utf8');

describe('a step session', () => {
  it('keeps output and exit code in files', async () => {
    await begin('echo "$GREETING"; echo oops >&2; exit 7');
    await until(() => readExit(dir) !== null);
    expect(inspect(dir)).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(read(sessionFiles(dir).out)).toBe('hello\noops\n');
  });

  it('keeps standard error apart when asked', async () => {
    await begin('echo value; echo noise >&2', true);
    await until(() => readExit(dir) !== null);
    expect(read(sessionFiles(dir).out)).toBe('value\n');
    expect(read(sessionFiles(dir).err)).toBe('noise\n');
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

  it('goes on while its commands do, though the supervisor was killed', async () => {
    const child = await begin('echo begun; sleep 30');
    await until(hasBegun);
    process.kill(child.pid ?? 0, 'SIGKILL');
    await pause(100);
    expect(inspect(dir)).toMatchObject({ kind: 'running', group: child.pid });
  });

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
    expect(existsSync(sessionFiles(dir).out)).toBe(false);
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
