import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError, type Problem } from '../../core/problem.ts';
import { resolveSecret, type SecretContext } from './resolve-secret.ts';

const value = 'hunter22-value';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-secret-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function context(change: Partial<SecretContext> = {}): SecretContext {
  return {
    env: { ...process.env, DB_PASSWORD: value, EMPTY: '' },
    cwd: folder(),
    vault: { read: async (entry) => `${entry} of the vault` },
    readKubernetesSecret: async ({ namespace, secret, key }) => `${namespace} ${secret} ${key}`,
    commandTimeoutMs: 20_000,
    ...change,
  };
}

async function problemOf(reference: string, given = context()): Promise<Problem> {
  try {
    await resolveSecret(reference, given);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    expect(JSON.stringify(error.problem)).not.toContain(value);
    return error.problem;
  }
  throw new Error('It was resolved.');
}

function program(body: string): string {
  const file = join(folder(), 'manager with a blank');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o700);
  return file;
}

describe('resolveSecret', () => {
  it('reads each kind of reference', async () => {
    const given = context();
    writeFileSync(join(given.cwd, 'secret'), `${value}\n`);
    expect(await resolveSecret('env:DB_PASSWORD', given)).toBe(value);
    expect(await resolveSecret('file:secret', given)).toBe(value);
    expect(await resolveSecret(`file:${given.cwd}/secret`, given)).toBe(value);
    expect(await resolveSecret('vault:orders/password', given)).toBe(
      'orders/password of the vault',
    );
    expect(await resolveSecret('kubernetes:ns/name/key', given)).toBe('ns name key');
  });

  it('takes the first line that a program prints, and starts no shell', async () => {
    const manager = program(`printf '%s\\nsecond line\\n' "$*|$DB_PASSWORD"; echo noise >&2`);
    expect(await resolveSecret(`command:'${manager}' read "a b" '$(id)' *`, context())).toBe(
      `read a b $(id) *|${value}`,
    );
  });

  it('says for each failure what it was', async () => {
    const codes: [string, string, Partial<SecretContext>?][] = [
      [value, 'secret-reference-invalid'],
      ['env:NOT_SET', 'secret-unset'],
      ['env:EMPTY', 'secret-empty'],
      ['file:not-there', 'secret-file-unreadable'],
      ['file:.', 'secret-file-unreadable'],
      ['file:/dev/zero', 'secret-file-unreadable'],
      ['kubernetes:a/b/c', 'secret-without-cluster', { readKubernetesSecret: null }],
      ['command:not-a-program-here', 'secret-command-missing'],
      [`command:'${program(`echo ${value}; echo ${value} >&2; exit 3`)}'`, 'secret-command-failed'],
      [`command:'${program(`printf '\\n${value}\\n'`)}'`, 'secret-empty'],
      [`command:'${program('yes')}'`, 'secret-command-failed'],
      [`command:'${program('sleep 60')}'`, 'secret-command-timed-out', { commandTimeoutMs: 100 }],
      ['command:true', 'secret-command-not-allowed', { commandTimeoutMs: null }],
    ];
    for (const [reference, code, change] of codes) {
      expect((await problemOf(reference, context(change))).code, reference).toBe(code);
    }
  });
});
