import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openVault } from '../engine/credentials/open-vault.ts';
import { openStore } from '../store/open.ts';
import { VaultKey } from './vault-key.ts';

it('holds a key for the app and for the command line, until it is locked or the app ends', async () => {
  const home = mkdtempSync(join(tmpdir(), 'muster-key-'));
  const store = openStore(home);
  const key = new VaultKey(home);
  onTestFinished(() => {
    key.close();
    store.close();
    rmSync(home, { recursive: true, force: true });
  });
  const app = openVault(store, { keyStore: null, startAgent: key.hold });
  const other = openVault(store, { keyStore: null, startAgent: null });
  await app.create('a passphrase of words');
  await app.set('orders-db/password', 'hunter22');
  expect(await other.read('orders-db/password')).toBe('hunter22');
  await other.lock();
  expect((await app.status()).state).toBe('locked');
  await app.unlock('a passphrase of words');
  await app.unlock('a passphrase of words');
  expect((await other.status()).state).toBe('unlocked');
  key.close();
  expect((await other.status()).state).toBe('locked');
});
