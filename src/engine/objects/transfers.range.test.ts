import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { s3 } from '../steps/s3.ts';
import { testContext } from '../steps/test/context.ts';
import type { ObjectStore } from './store.ts';
import { hasRange, openSite, type Site } from './test/sites.ts';

const MIB = 1024 * 1024;
/** One part and a bit. */
const content = randomBytes(16 * MIB + 12_345);
const sha256 = createHash('sha256').update(content).digest('hex');

describe.skipIf(!hasRange)('transfers on two sites', () => {
  let site: Site;
  let other: Site;
  beforeAll(async () => {
    site = await openSite('s3');
    other = await openSite('s3b');
  });
  afterAll(async () => {
    await site?.close();
    await other?.close();
  });

  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'muster-objects-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  const on = (store: ObjectStore, cwd: string, body: Record<string, unknown>) =>
    testContext(s3, body, { cwd, target: { objectStore: async () => store } });

  it('uploads in parts, proves it, downloads it, and takes it back', async () => {
    const bucket = await site.bucket({ versions: true });
    const cwd = folder();
    writeFileSync(join(cwd, 'orders.dump'), content);
    const manifest = `s3://${bucket}/db/SHA256SUMS`;
    const up = on(site.store, cwd, {
      upload: 'orders.dump',
      to: `s3://${bucket}/db/`,
      manifest,
      metadata: { 'taken-at': '2026-03-29T14:00:00Z' },
    });
    const uploaded = await s3.act(up);
    expect(uploaded.values).toMatchObject({ key: 'db/orders.dump', sha256, size: content.length });
    expect(uploaded.values.version).not.toBe('');
    expect(uploaded.summary).toContain('MD5 of what was sent');

    const down = await s3.act(
      on(site.store, cwd, { download: `s3://${bucket}/db/orders.dump`, to: 'back/', manifest }),
    );
    expect(down.values).toMatchObject({ sha256, version: uploaded.values.version ?? '' });
    expect(down.summary).toContain("the object's metadata");
    expect(readFileSync(join(cwd, 'back/orders.dump')).equals(content)).toBe(true);
    expect(readdirSync(join(cwd, 'back'))).toEqual(['orders.dump']);

    const again = await s3.act(up);
    expect(again.summary).toContain('there already');
    expect((await s3.undo?.(up, again.before))?.summary).toContain('it stays');
    await s3.undo?.(up, uploaded.before);
    expect(await site.store.head({ bucket, key: 'db/orders.dump', signal: up.signal })).toBeNull();
  });

  it('replaces neither an object nor a file unless told to', async () => {
    const bucket = await site.bucket();
    const cwd = folder();
    writeFileSync(join(cwd, 'a.txt'), 'one');
    const up = { upload: 'a.txt', to: `s3://${bucket}/a.txt` };
    await s3.act(on(site.store, cwd, up));
    writeFileSync(join(cwd, 'a.txt'), 'two');
    await expect(s3.act(on(site.store, cwd, up))).rejects.toMatchObject({
      problem: { code: 'object-exists' },
    });
    const down = { download: `s3://${bucket}/a.txt`, to: 'a.txt' };
    await expect(s3.act(on(site.store, cwd, down))).rejects.toMatchObject({
      problem: { code: 'file-exists' },
    });
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('two');
    await s3.act(on(site.store, cwd, { ...down, overwrite: true }));
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one');
  });

  it('takes a file that is there already as it is, where the ETag alone says what it must be', async () => {
    const bucket = await site.bucket();
    const cwd = folder();
    // Not uploaded by Muster: no SHA-256 stands in its metadata.
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    await site.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a.txt', Body: 'one' }));
    const down = { download: `s3://${bucket}/a.txt`, to: 'a.txt' };
    await s3.act(on(site.store, cwd, down));
    await s3.act(on(site.store, cwd, down));
    writeFileSync(join(cwd, 'a.txt'), 'two');
    await expect(s3.act(on(site.store, cwd, down))).rejects.toMatchObject({
      problem: { code: 'file-exists' },
    });
  });

  it('copies between sites and proves it by equal ETags', async () => {
    const [from, to] = [await site.bucket(), await other.bucket()];
    const cwd = folder();
    writeFileSync(join(cwd, 'orders.dump'), content);
    await s3.act(on(site.store, cwd, { upload: 'orders.dump', to: `s3://${from}/` }));
    const copying = on(site.store, cwd, {
      copy: `s3://${from}/orders.dump`,
      to: { target: 'recovery', uri: `s3://${to}/copies/` },
    });
    const target = (role?: string) => ({
      ...copying.target(),
      objectStore: async () => (role === 'recovery' ? other.store : site.store),
    });
    const copied = await s3.act({ ...copying, target });
    expect(copied.values).toMatchObject({ bucket: to, key: 'copies/orders.dump', sha256 });
    expect(copied.summary).toContain('ETag');
    const verified = await s3.act(
      on(other.store, cwd, { verify: `s3://${to}/copies/orders.dump`, sha256 }),
    );
    expect(verified.values.sha256).toBe(sha256);
    await s3.undo?.({ ...copying, target }, copied.before);
    const place = { bucket: to, key: 'copies/orders.dump' };
    expect(await other.store.head({ ...place, signal: copying.signal })).toBeNull();
  });

  it('copies to a folder and back, read back where ETags are no MD5', async () => {
    const { openFolderStore } = await import('./folder-store.ts');
    const bucket = await site.bucket();
    const cwd = folder();
    const root = folder();
    const store = openFolderStore(root);
    await import('node:fs/promises').then((fs) => fs.mkdir(join(root, 'local')));
    writeFileSync(join(cwd, 'orders.dump'), content);
    const up = await s3.act(on(store, cwd, { upload: 'orders.dump', to: 's3://local/' }));
    expect(up.summary).toContain('read back');
    const copying = on(store, cwd, {
      copy: 's3://local/orders.dump',
      to: { target: 'site', uri: `s3://${bucket}/` },
    });
    const target = (role?: string) => ({
      ...copying.target(),
      objectStore: async () => (role === 'site' ? site.store : store),
    });
    const copied = await s3.act({ ...copying, target });
    expect(copied.values.sha256).toBe(sha256);
  });

  it('carries any key and an empty file', async () => {
    const bucket = await site.bucket();
    const cwd = folder();
    writeFileSync(join(cwd, 'empty'), '');
    const key = 'a b/ü+&=%20 {x}.txt';
    await s3.act(on(site.store, cwd, { upload: 'empty', to: `s3://${bucket}/${key}` }));
    const listed = [];
    const signal = new AbortController().signal;
    for await (const { key } of site.store.list({ bucket, prefix: 'a b/', signal }))
      listed.push(key);
    expect(listed).toEqual([key]);
    await s3.act(on(site.store, cwd, { download: `s3://${bucket}/${key}`, to: 'back' }));
    expect(statSync(join(cwd, 'back')).size).toBe(0);
    expect(existsSync(join(cwd, '.back.muster-part'))).toBe(false);
  });

  it('downloads what others uploaded in parts, proven by its ETag', async () => {
    const bucket = await site.bucket();
    const cwd = folder();
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = { Bucket: bucket, Key: 'theirs', Body: content };
    await new Upload({ client: site.client, params, partSize: 8 * MIB }).done();
    const down = await s3.act(on(site.store, cwd, { download: `s3://${bucket}/theirs`, to: 't' }));
    expect(down.summary).toContain('MD5 as its ETag has it');
    expect(down.values.sha256).toBe(sha256);
    await expect(
      s3.act(
        on(site.store, cwd, { download: `s3://${bucket}/theirs`, to: 'u', sha256: '0'.repeat(64) }),
      ),
    ).rejects.toMatchObject({ problem: { code: 'checksum-mismatch' } });
    expect(readdirSync(cwd)).toEqual(['t']);
  });
});
