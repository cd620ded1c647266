import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { spawnPty } from '../engine/terminal/spawn-pty.ts';
import { cli, type Ended, folder, muster, runbook, shellStep, until } from './test/muster.ts';

const passphrase = 'correct horse battery';

/** A home whose agent ends with the test. */
function home(): string {
  const path = folder();
  onTestFinished(async () => {
    await muster(path, 'vault', 'lock');
  });
  return path;
}

/** Runs `muster vault …` with this on its standard input. */
function piped(at: string, input: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [cli, 'vault', ...args], {
    env: { ...process.env, MUSTER_HOME: at },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

const state = async (at: string): Promise<unknown> =>
  JSON.parse((await muster(at, 'vault', 'list', '--json')).out).state;

// Each of these starts a dozen commands, and some make a key of a passphrase.
describe('muster vault', { timeout: 120_000 }, () => {
  it('keeps a secret over commands, and shows its name alone', async () => {
    const at = home();
    expect((await piped(at, '', 'unlock')).err).toContain('muster vault create');
    expect((await piped(at, `${passphrase}\n`, 'create')).code).toBe(0);
    const set = await piped(at, 'hunter22-value\n', 'set', 'orders-db/password');
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toContain('vault:orders-db/password');
    const list = await muster(at, 'vault', 'list');
    expect(list.out).toMatch(/Unlocked.*\nvault:orders-db\/password {2}\d/);
    for (const text of [set.out, list.out, readFileSync(join(at, 'vault.json'), 'utf8')]) {
      expect(text).not.toContain('hunter22');
    }
    expect(statSync(join(at, 'vault.sock')).mode & 0o777).toBe(0o600);
    expect((await muster(at, 'vault', 'remove', 'orders-db/password')).code).toBe(0);
    expect((await muster(at, 'vault', 'list')).out).not.toContain('orders-db');
  });

  it('locks, by command and by itself, and says how to go on', async () => {
    const at = home();
    await piped(at, passphrase, 'create');
    expect((await muster(at, 'vault', 'lock')).code).toBe(0);
    expect(await state(at)).toBe('locked');
    const refused = await piped(at, 'hunter22-value', 'set', 'a');
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('muster vault unlock');
    expect((await piped(at, 'wrong horse battery', 'unlock')).code).toBe(2);
    await muster(at, 'vault', 'idle', '1s');
    expect((await piped(at, passphrase, 'unlock')).code).toBe(0);
    await until(() => !existsSync(join(at, 'vault.sock')));
    expect(await state(at)).toBe('locked');
    expect((await muster(at, 'vault', 'idle', '2d')).code).toBe(2);
  });

  it('changes its passphrase', async () => {
    const at = home();
    await piped(at, passphrase, 'create');
    await piped(at, 'hunter22-value', 'set', 'a');
    expect((await piped(at, `wrong horse\nnext passphrase\n`, 'passphrase')).code).toBe(2);
    expect((await piped(at, `${passphrase}\nnext passphrase\n`, 'passphrase')).code).toBe(0);
    await muster(at, 'vault', 'lock');
    expect((await piped(at, passphrase, 'unlock')).code).toBe(2);
    expect((await piped(at, 'next passphrase', 'unlock')).code).toBe(0);
  });

  it('loses nothing when many processes write at once', async () => {
    const at = home();
    await piped(at, passphrase, 'create');
    const names = Array.from({ length: 8 }, (_, n) => `entry-${n}`);
    const ends = await Promise.all(names.map((name) => piped(at, `value of ${name}`, 'set', name)));
    expect(ends.map(({ code }) => code)).toEqual(names.map(() => 0));
    const { entries } = JSON.parse((await muster(at, 'vault', 'list', '--json')).out);
    expect(entries.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it('hands a secret to a run, and keeps it out of its record', async () => {
    const at = home();
    await piped(at, passphrase, 'create');
    await piped(at, 'hunter22-value', 'set', 'orders/password');
    const file = runbook(`---
runbook: 1
inputs:
  PASSWORD: {secret: "vault:orders/password"}
---
# Secret

## All
${shellStep('use', 'printf %s "$PASSWORD" | wc -c; echo "$PASSWORD"; echo "$PASSWORD" | base64')}`);
    const run = await muster(at, 'run', file, '--auto');
    expect(run.code).toBe(0);
    expect(run.out).toContain('14');
    expect(run.out).toContain('•••');
    expect(run.out).not.toContain('hunter22');
    expect(run.out).not.toContain(Buffer.from('hunter22').toString('base64').slice(0, 9));
    await muster(at, 'vault', 'lock');
    const locked = await muster(at, 'run', file, '--auto');
    expect(locked.code).toBe(2);
    expect(locked.err).toContain('muster vault unlock');
  });

  it('shows nothing of what a person types', async () => {
    const at = home();
    let shown = '';
    const pty = spawnPty({
      file: process.execPath,
      args: [cli, 'vault', 'create'],
      cwd: at,
      env: { PATH: process.env.PATH ?? '', MUSTER_HOME: at, ...bindingForTests() },
      columns: 80,
      rows: 24,
    });
    onTestFinished(() => pty.kill());
    pty.onData((data) => {
      shown += data;
    });
    const ended = new Promise<number | null>((resolve) =>
      pty.onExit((end) => resolve(end.exitCode)),
    );
    await until(() => shown.includes('New passphrase: '));
    pty.write('corect\u007f\u007f\u007frect horse battery\r');
    await until(() => shown.includes('The same again: '));
    pty.write(`${passphrase}\r`);
    expect(await ended).toBe(0);
    expect(shown).not.toMatch(/cor|horse|battery/);
    await muster(at, 'vault', 'lock');
    expect((await piped(at, passphrase, 'unlock')).code).toBe(0);
  });
});

/** The test runtime may name its own build of the SQLite addon. */
function bindingForTests(): Record<string, string> {
  const { MUSTER_SQLITE_BINDING: binding } = process.env;
  return binding ? { MUSTER_SQLITE_BINDING: binding } : {};
}
