import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { s3 } from '../steps/s3.ts';
import { testContext } from '../steps/test/context.ts';
import { openObjectStore } from './open.ts';
import { storeIdentity } from './store.ts';

const { signal } = new AbortController();
const noCredentials = () => Promise.reject(new Error('A folder needs no keys.'));

async function folderStore() {
  const root = mkdtempSync(join(tmpdir(), 'muster-folder-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'backups/db'), { recursive: true });
  const store = await openObjectStore({ kind: 'folder', path: root }, noCredentials);
  const cwd = join(root, 'elsewhere');
  mkdirSync(cwd);
  const step = (body: Spec) =>
    testContext(s3, body, { cwd, target: { objectStore: async () => store } });
  return { root, cwd, store, step };
}

describe('a folder as a store', () => {
  it('is chosen from, downloaded from and pruned like any other', async () => {
    const { root, cwd, step } = await folderStore();
    for (const [name, hours] of Object.entries({ 'a.dump': 1, 'c.dump': 30, 'b.dump': 60 })) {
      const file = join(root, 'backups/db', name);
      writeFileSync(file, `content of ${name}`);
      const time = Date.now() / 1000 - hours * 3600;
      utimesSync(file, time, time);
    }
    const latest = await s3.act(step({ latest: 's3://backups/db/', suffix: '.dump' }));
    expect(latest.values).toMatchObject({ key: 'db/a.dump', version: '' });
    const down = await s3.act(step({ download: String(latest.values.uri), to: 'in/' }));
    expect(readFileSync(join(cwd, 'in/a.dump'), 'utf8')).toBe('content of a.dump');
    expect(down.summary).toContain('nothing to compare');
    const prune = { prune: 's3://backups/db/', 'keep-days': 1, permanently: true };
    const preview = await s3.preview(step(prune));
    expect(preview.detail).toMatch(/goes .*b\.dump\ngoes .*c\.dump\nstays .*a\.dump/);
    expect((await s3.act(step(prune))).values).toMatchObject({ count: 2 });
    expect(readdirSync(join(root, 'backups/db'))).toEqual(['a.dump']);
  });

  it('takes files in parts, with their metadata, and gives them back', async () => {
    const { root, cwd, store, step } = await folderStore();
    const content = randomBytes(17 * 1024 * 1024);
    writeFileSync(join(cwd, 'large'), content);
    const up = step({ upload: 'large', to: 's3://backups/db/', metadata: { 'taken-at': 'now' } });
    const done = await s3.act(up);
    expect(done.summary).toContain('read back');
    expect(readFileSync(join(root, 'backups/db/large')).equals(content)).toBe(true);
    const head = await store.head({ bucket: 'backups', key: 'db/large', signal });
    expect(head?.metadata).toEqual({ 'taken-at': 'now', sha256: done.values.sha256 });
    expect(readdirSync(join(root, '.muster/uploads'))).toEqual([]);
    await s3.undo?.(up, done.before);
    expect(readdirSync(join(root, 'backups/db'))).toEqual([]);
  });

  it('notices that a file was replaced', async () => {
    const { root, store } = await folderStore();
    writeFileSync(join(root, 'backups/a'), 'one');
    const head = await store.head({ bucket: 'backups', key: 'a', signal });
    writeFileSync(join(root, 'backups/a'), 'two!');
    const read = async () => {
      for await (const _ of store.read({
        bucket: 'backups',
        key: 'a',
        etag: head?.etag ?? null,
        from: 0,
        to: 3,
        signal,
      }));
    };
    await expect(read()).rejects.toMatchObject({ problem: { code: 'object-changed' } });
  });

  it.each(['../out', 'a/../../out', '.muster/x', 'a//b', 'a\0b', '..'])(
    'lets no key leave it: %j',
    async (key) => {
      const { store } = await folderStore();
      await expect(store.head({ bucket: 'backups', key, signal })).rejects.toMatchObject({
        problem: { code: 'object-key-unusable' },
      });
    },
  );

  it('knows its buckets', async () => {
    const { store, root } = await folderStore();
    await expect(storeIdentity(store, 'none', signal)).rejects.toMatchObject({
      problem: { code: 'bucket-missing' },
    });
    const identity = await storeIdentity(store, 'backups', signal);
    expect(identity.place).toBe(root);
    expect(identity).toEqual(await storeIdentity(store, 'backups', signal));
  });
});
