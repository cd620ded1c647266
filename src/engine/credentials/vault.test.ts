import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MusterError } from '../../core/problem.ts';
import { holdInMemory, type KeyHolder } from './key-holder.ts';
import { createVault, type KeyStore, type Vault } from './vault.ts';

const passphrase = 'correct horse battery';

function place(): string {
  const home = mkdtempSync(join(tmpdir(), 'muster-vault-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return join(home, 'vault.json');
}

function vaultAt(
  file: string,
  more: { holder?: KeyHolder; keyStore?: KeyStore; idleMs?: number } = {},
): Vault {
  return createVault({
    file,
    keyStore: more.keyStore ?? null,
    holder: more.holder ?? holdInMemory(),
    idleMs: () => more.idleMs ?? 60_000,
    exclusively: (work) => work(),
    cost: 1024,
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MusterError) {
      expect(JSON.stringify(error.problem)).not.toMatch(/hunter22|correct horse/);
      return error.problem.code;
    }
    throw error;
  }
  return 'none';
}

/** A key store that knows its own seals, as another user's or machine's does not. */
function keyStore(secret = 7): KeyStore {
  const turn = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ secret));
  return {
    seal: (plain) => Buffer.concat([Buffer.from([secret]), turn(plain)]),
    open: (sealed) => (sealed[0] === secret ? turn(sealed.subarray(1)) : null),
  };
}

describe('a vault', () => {
  it('gives back what was put in, and shows nothing of it on disk', async () => {
    const file = place();
    const vault = vaultAt(file);
    expect((await vault.status()).state).toBe('missing');
    await vault.create(passphrase);
    await vault.set('orders-db/password', 'hunter22-ä€');
    await vault.set('other', 'second value');
    expect(await vault.read('orders-db/password')).toBe('hunter22-ä€');
    const text = readFileSync(file, 'utf8');
    for (const form of ['hunter22', Buffer.from('hunter22').toString('base64'), passphrase]) {
      expect(text).not.toContain(form);
    }
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    const { state, entries } = await vault.status();
    expect(state).toBe('unlocked');
    expect(entries.map(({ name }) => name)).toEqual(['orders-db/password', 'other']);
    await vault.remove('other');
    expect(await codeOf(vault.read('other'))).toBe('vault-entry-missing');
  });

  it('opens with its passphrase alone, and locks', async () => {
    const file = place();
    await vaultAt(file).create(passphrase);
    const vault = vaultAt(file);
    expect((await vault.status()).state).toBe('locked');
    expect(await codeOf(vault.read('a'))).toBe('vault-locked');
    expect(await codeOf(vault.set('a', 'hunter22'))).toBe('vault-locked');
    expect(await codeOf(vault.unlock('correct horse batterie'))).toBe('vault-passphrase-wrong');
    await vault.unlock(passphrase);
    await vault.set('a', 'hunter22');
    expect(await vault.read('a')).toBe('hunter22');
    await vault.lock();
    expect(await codeOf(vault.read('a'))).toBe('vault-locked');
  });

  it('locks by itself when nobody uses it', async () => {
    const file = place();
    const vault = vaultAt(file, { idleMs: 30 });
    await vault.create(passphrase);
    for (let tries = 0; tries < 200 && (await codeOf(vault.set('a', 'hunter22'))) === 'none'; ) {
      await pause(60);
      tries += 1;
    }
    expect((await vault.status()).state).toBe('locked');
  });

  it('changes its passphrase and keeps what is in it', async () => {
    const file = place();
    const vault = vaultAt(file);
    await vault.create(passphrase);
    await vault.set('a', 'hunter22');
    expect(await codeOf(vault.changePassphrase('wrong horse', 'a new passphrase'))).toBe(
      'vault-passphrase-wrong',
    );
    await vault.changePassphrase(passphrase, 'a new passphrase');
    const again = vaultAt(file);
    expect(await codeOf(again.unlock(passphrase))).toBe('vault-passphrase-wrong');
    await again.unlock('a new passphrase');
    expect(await again.read('a')).toBe('hunter22');
  });

  it('is used by two processes at once without loss', async () => {
    const file = place();
    const one = vaultAt(file);
    await one.create(passphrase);
    const two = vaultAt(file);
    await two.unlock(passphrase);
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? one : two).set(`e${n}`, `value-${n}`)),
    );
    for (let n = 0; n < 40; n++) expect(await one.read(`e${n}`)).toBe(`value-${n}`);
  });

  it('is never made over one that is there, and a new one is not opened with an old key', async () => {
    const file = place();
    const vault = vaultAt(file);
    await vault.create(passphrase);
    expect(await codeOf(vaultAt(file).create(passphrase))).toBe('vault-exists');
    rmSync(file);
    await vaultAt(file).create(passphrase);
    expect(await codeOf(vault.set('a', 'hunter22'))).toBe('vault-locked');
  });

  it('refuses what could not be kept out of a record, and short passphrases', async () => {
    const vault = vaultAt(place());
    expect(await codeOf(vault.create('short'))).toBe('vault-passphrase-short');
    await vault.create(passphrase);
    expect(await codeOf(vault.set('a', 'abc'))).toBe('secret-not-redactable');
    expect(await codeOf(vault.set('../a', 'hunter22'))).toBe('vault-entry-name');
    expect(await codeOf(vault.set('__proto__', 'hunter22'))).toBe('vault-entry-name');
    expect(await codeOf(vault.read('constructor'))).toBe('vault-entry-missing');
  });

  it('leaves a damaged file as it is', async () => {
    const file = place();
    const vault = vaultAt(file);
    await vault.create(passphrase);
    await vault.set('a', 'hunter22');
    const whole = readFileSync(file, 'utf8');
    for (const damaged of [
      whole.slice(0, -40),
      '',
      '{}',
      whole.replace('"format": 1', '"format": 2'),
    ]) {
      writeFileSync(file, damaged);
      for (const work of [
        () => vault.read('a'),
        () => vault.set('b', 'hunter22'),
        () => vault.remove('a'),
        () => vault.create(passphrase),
        () => vault.unlock(passphrase),
        () => vault.changePassphrase(passphrase, 'another one'),
      ]) {
        expect(await codeOf(work())).toBe('vault-damaged');
      }
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    }
    writeFileSync(file, whole);
    expect(await vault.read('a')).toBe('hunter22');
  });

  it('keeps what it can when one entry is damaged or was swapped', async () => {
    const file = place();
    const vault = vaultAt(file);
    await vault.create(passphrase);
    await vault.set('a', 'hunter22');
    await vault.set('b', 'hunter33');
    const parsed = JSON.parse(readFileSync(file, 'utf8'));
    const { a, b } = parsed.entries;
    writeFileSync(file, JSON.stringify({ ...parsed, entries: { a: b, b: a, c: 5, d: a } }));
    for (const entry of ['a', 'b', 'c', 'd']) {
      expect(await codeOf(vault.read(entry))).toBe('vault-entry-damaged');
    }
    await vault.set('e', 'hunter44');
    expect(JSON.parse(readFileSync(file, 'utf8')).entries).toMatchObject({ a: b, b: a, c: 5 });
    expect(await vault.read('e')).toBe('hunter44');
  });

  it('is opened by a real key store once it was unlocked beside it', async () => {
    const file = place();
    const holder = holdInMemory();
    await vaultAt(file, { holder }).create(passphrase);
    const app = vaultAt(file, { holder, keyStore: keyStore() });
    await app.set('a', 'hunter22');
    await holder.drop();
    expect(await app.read('a')).toBe('hunter22');
    expect((await app.status()).keyStore).toBe(true);
    // Another user's key store opens nothing, and the passphrase still does.
    const other = vaultAt(file, { keyStore: keyStore(9) });
    expect(await codeOf(other.read('a'))).toBe('vault-locked');
    await other.unlock(passphrase);
    expect(await other.read('a')).toBe('hunter22');
  });
});
