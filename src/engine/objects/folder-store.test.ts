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
import { z } from 'zod';
import type { Spec } from '../../core/actions/kind.ts';
import { s3 } from '../steps/s3.ts';
import { testContext } from '../steps/test/context.ts';
import { openObjectStore } from './open.ts';
import { bytesOf } from './small-content.ts';
import { type ObjectStore, storeIdentity } from './store.ts';

const { signal } = new AbortController();
const noCredentials = () => Promise.reject(new Error('A folder needs no keys.'));

async function folderStore() {
  const root = mkdtempSync(join(tmpdir(), 'muster-folder-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'backups/db'), { recursive: true });
  const store = await openObjectStore({ kind: 'folder', path: root }, noCredentials);
  const cwd = join(root, 'elsewhere');
  mkdirSync(cwd);
  const step = (body: Spec, earlier: unknown = null) =>
    testContext(s3, body, { cwd, earlier, target: { objectStore: async () => store } });
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

  it('keeps no part of an earlier try that nothing takes up', async () => {
    const { root, cwd, store, step } = await folderStore();
    const begun = async () => {
      const upload = await store.beginParts({
        bucket: 'backups',
        key: 'one',
        metadata: {},
        signal,
      });
      const content = bytesOf('half of it');
      await store.putPart({ upload, number: 1, content, signal });
      const about = { place: store.place, content: 'of old', partSize: 10 };
      return { there: null, begun: { ...upload, ...about } };
    };
    const uploads = () => readdirSync(join(root, '.muster/uploads'));
    writeFileSync(join(cwd, 'one'), 'small by now');
    const up = { upload: 'one', to: 's3://backups/one' };
    const first = await s3.act(step(up, await begun()));
    expect(first.summary).toContain('12 B');
    expect(uploads()).toEqual([]);
    const there = step(up, await begun());
    expect((await s3.act(there)).summary).toContain('there already');
    expect(uploads()).toEqual([]);
    // A third try does not ask for what is gone.
    expect(there.before).toMatchObject({ begun: null });
    const copy = { copy: 's3://backups/one', to: { uri: 's3://backups/two' } };
    await s3.act(step(copy, await begun()));
    expect(uploads()).toEqual([]);
  });

  it('keeps each delete marker before the next object goes', async () => {
    const { store, cwd } = await folderStore();
    let removed = 0;
    const objectStore = async (): Promise<ObjectStore> => ({
      ...store,
      facts: async () => ({ isVersioned: true, hasLocks: false }),
      async remove() {
        removed += 1;
        if (removed <= 2) return { marker: `marker-${removed}` };
        return new Promise(() => {});
      },
    });
    for (const name of ['a', 'b', 'c', 'd']) {
      await store.put({
        ...{ bucket: 'backups', key: `db/${name}`, metadata: {}, signal },
        content: bytesOf(name),
      });
    }
    const context = testContext(
      s3,
      { prune: 's3://backups/db/', 'keep-last': 1 },
      {
        cwd,
        target: { objectStore },
      },
    );
    // It never ends, as if Muster were killed in the middle.
    s3.act(context).catch(() => {});
    await expect.poll(() => removed).toBe(3);
    const versions = z.object({ markers: z.array(z.object({ version: z.string() })) });
    expect(versions.parse(context.before).markers).toEqual([
      { version: 'marker-1' },
      { version: 'marker-2' },
    ]);
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
