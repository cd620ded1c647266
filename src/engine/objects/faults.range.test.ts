import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mayMount, mountDisk } from '../../store/test/disk.ts';
import { copyObject } from './copy.ts';
import { download } from './download.ts';
import { expectedSums } from './integrity.ts';
import type { Patience } from './patience.ts';
import type { ObjectStore } from './store.ts';
import { type Between, proxyTo } from './test/proxy.ts';
import { hasRange, openSite, type Site } from './test/sites.ts';
import { triesIn } from './test/tries-in.ts';
import { upload } from './upload.ts';

const MIB = 1024 * 1024;
/** The least that S3 takes, so that the tests need little room in a store. */
const partSize = 5 * MIB;
const content = randomBytes(2 * partSize + 12_345);
const sha256 = createHash('sha256').update(content).digest('hex');
const short: Patience = { totalMs: 600, firstPauseMs: 50, longestPauseMs: 200 };
const long: Patience = { totalMs: 20_000, firstPauseMs: 50, longestPauseMs: 200 };
const key = 'db/orders.dump';
const { signal } = new AbortController();

describe.skipIf(!hasRange)('faults of a store', () => {
  let site: Site;
  let bucket = '';
  beforeAll(async () => {
    site = await openSite();
    bucket = await site.bucket({ versions: true });
    const folder = mkdtempSync(join(tmpdir(), 'muster-objects-'));
    await send(site.store, folder, { key });
    rmSync(folder, { recursive: true });
  });
  afterAll(() => site?.close());

  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'muster-objects-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };
  const proxy = async (): Promise<Between> => {
    const made = await proxyTo(site.endpoint);
    onTestFinished(() => made.close());
    return made;
  };

  async function send(
    store: ObjectStore,
    dir: string,
    more: {
      key: string;
      patience?: Patience;
      bytes?: Buffer;
      lines?: string[];
      signal?: AbortSignal;
      /** Called once a part is in the store. */
      begun?: () => void;
    },
  ) {
    const file = join(dir, 'orders.dump');
    writeFileSync(file, more.bytes ?? content);
    return upload({
      store,
      file,
      bucket,
      key: more.key,
      metadata: {},
      overwrite: true,
      tries: triesIn(dir),
      signal: more.signal ?? signal,
      log: (line) => more.lines?.push(line),
      progress: ({ label, done }) => {
        if (label.startsWith('Uploading') && done > 0) more.begun?.();
      },
      patience: more.patience ?? long,
      partSize,
    });
  }

  /** Keys of uploads in parts that were begun and are neither complete nor removed. */
  async function openUploads(): Promise<string[]> {
    const { ListMultipartUploadsCommand } = await import('@aws-sdk/client-s3');
    const found = await site.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return (found.Uploads ?? []).map(({ Key }) => Key ?? '');
  }

  async function bring(
    store: ObjectStore,
    file: string,
    more: {
      key?: string;
      patience?: Patience;
      signal?: AbortSignal;
      lines?: string[];
      begun?: () => void;
    } = {},
  ) {
    const head = await site.store.head({ bucket, key: more.key ?? key, signal });
    if (head === null) throw new Error('no object');
    // Without its version, as in a bucket that keeps none: then the ETag alone holds it.
    const pinned = { ...head, version: null };
    return download({
      store,
      head: pinned,
      file,
      expected: await expectedSums(store, head, {}, signal),
      overwrite: false,
      signal: more.signal ?? signal,
      log: (line) => more.lines?.push(line),
      progress: ({ done }) => {
        if (done > 0) more.begun?.();
      },
      patience: more.patience ?? long,
      partSize,
    });
  }

  it('bears with a store that goes away during a download and comes back', async () => {
    const file = join(folder(), 'orders.dump');
    const between = await proxy();
    const store = await site.openAt({ endpoint: between.endpoint });
    const head = bring(store, file);
    between.cutAfter(6 * MIB);
    const back = between
      .whenCut()
      .then(() => pause(500))
      .then(() => between.restore());
    expect((await head).sha256).toBe(sha256);
    await back;
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('keeps what it has when the store stays away, and takes it up at the next try', async () => {
    const dir = folder();
    const file = join(dir, 'orders.dump');
    const between = await proxy();
    const store = await site.openAt({ endpoint: between.endpoint });
    const lines: string[] = [];
    const first = bring(store, file, { patience: short, lines });
    between.cutAfter(8 * MIB);
    await expect(first).rejects.toMatchObject({
      problem: { code: 'store-unreachable', safe: expect.stringContaining('a retry takes it up') },
    });
    expect(existsSync(file)).toBe(false);
    between.restore();
    const second = await bring(store, file, { lines });
    expect(second.sha256).toBe(sha256);
    expect(lines.join('\n')).toMatch(/Takes up an earlier download at \d/);
    expect(readdirSync(dir)).toEqual(['orders.dump']);
  });

  it.each(['replaced', 'deleted'])('never mixes an object that is %s meanwhile', async (how) => {
    const dir = folder();
    const file = join(dir, 'orders.dump');
    const own = `db/${how}.dump`;
    await send(site.store, folder(), { key: own });
    const between = await proxy();
    const store = await site.openAt({ endpoint: between.endpoint });
    const first = bring(store, file, { key: own });
    first.catch(() => {});
    between.cutAfter(6 * MIB);
    await between.whenCut();
    if (how === 'deleted') await site.store.remove({ bucket, key: own, signal });
    else await send(site.store, folder(), { key: own, bytes: randomBytes(content.length) });
    between.restore();
    await expect(first).rejects.toMatchObject({
      problem: { code: 'object-changed', safe: expect.stringContaining('is unchanged') },
    });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('bears with a store that goes away during an upload, and fails cleanly when it stays away', async () => {
    const dir = folder();
    const between = await proxy();
    const store = await site.openAt({ endpoint: between.endpoint });
    const lines: string[] = [];
    between.cutAfter(6 * MIB);
    const up = send(store, dir, { key: 'up/back.dump', lines });
    const back = between
      .whenCut()
      .then(() => pause(500))
      .then(() => between.restore());
    expect((await up).proof).toContain('MD5');
    await back;

    between.cutAfter(6 * MIB);
    const away = send(store, dir, { key: 'up/away.dump', patience: short, lines });
    await expect(away).rejects.toMatchObject({
      problem: { code: 'store-unreachable', safe: expect.stringContaining('is unchanged') },
    });
    expect(await site.store.head({ bucket, key: 'up/away.dump', signal })).toBeNull();
    expect(lines.join('\n')).toContain('could not be removed');
    between.restore();
    expect((await send(store, dir, { key: 'up/away.dump', lines })).sha256).toBe(sha256);
    expect(lines.join('\n')).toMatch(/Takes up an earlier upload: \d+ of/);
    expect(await openUploads()).toEqual([]);
  });

  it('takes up an upload after Muster was killed', async () => {
    const dir = folder();
    const file = join(dir, 'orders.dump');
    // More parts than are sent at once.
    const bytes = randomBytes(8 * partSize);
    writeFileSync(file, bytes);
    const between = await proxy();
    between.cutAfter(34 * MIB);
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'test', 'upload-child.ts'),
      ...[between.endpoint, file, bucket, 'up/killed.dump', dir],
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await Promise.race([between.whenCut(), ended]);
    child.kill('SIGKILL');
    await ended;
    between.restore();
    const lines: string[] = [];
    const store = await site.openAt({ endpoint: between.endpoint });
    const done = await send(store, dir, { key: 'up/killed.dump', bytes, lines });
    expect(done.proof).toContain('MD5');
    expect(lines.join('\n')).toMatch(/Takes up an earlier upload: \d+ of 8 parts/);
    expect(await openUploads()).toEqual([]);
  });

  it('takes up a copy that was stopped, and removes what an earlier try began of another content', async () => {
    const dir = folder();
    const bytes = randomBytes(8 * partSize);
    await send(site.store, dir, { key: 'up/source.dump', bytes });
    const other = randomBytes(8 * partSize);
    const head = await site.store.head({ bucket, key: 'up/source.dump', signal });
    if (head === null) throw new Error('no object');
    const lines: string[] = [];
    const copy = (to: ObjectStore, how: AbortSignal) =>
      copyObject({
        ...{ from: site.store, head, to, bucket, key: 'up/copied.dump', overwrite: false },
        ...{ tries: triesIn(dir), signal: how, progress: () => {} },
        log: (line) => lines.push(line),
      });
    const between = await proxy();
    const store = await site.openAt({ endpoint: between.endpoint });
    between.cutAfter(34 * MIB);
    const stop = new AbortController();
    const first = copy(store, stop.signal);
    first.catch(() => {});
    await between.whenCut();
    stop.abort();
    await expect(first).rejects.toBe(stop.signal.reason);
    expect(await openUploads()).toEqual(['up/copied.dump']);
    between.restore();
    const { proof } = await copy(store, signal);
    expect(lines.join('\n')).toMatch(/Takes up an earlier copy: \d+ of 8 parts/);
    expect(proof).toContain('ETag');

    // An upload of a file that is another one at the second try.
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const begun = send(site.store, dir, {
      ...{ key: 'up/other.dump', bytes: other, signal: cancel.signal },
      begun: () => cancel.abort(reason),
    });
    await expect(begun).rejects.toBe(reason);
    expect(await openUploads()).toEqual(['up/other.dump']);
    await send(site.store, dir, { key: 'up/other.dump', bytes });
    expect(await openUploads()).toEqual([]);
  });

  it('stops at once when a person cancels, and goes on from there', async () => {
    const file = join(folder(), 'orders.dump');
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const first = bring(site.store, file, {
      signal: cancel.signal,
      begun: () => cancel.abort(reason),
    });
    await expect(first).rejects.toBe(reason);
    expect((await bring(site.store, file)).sha256).toBe(sha256);
  });

  it('waits no longer than it says for a store that never answers', async () => {
    const between = await proxy();
    between.silence();
    const store = await site.openAt({ endpoint: between.endpoint, silenceMs: 500 });
    await expect(bring(store, join(folder(), 'a'), { patience: short })).rejects.toMatchObject({
      problem: { code: 'store-silent', what: expect.stringContaining('500 ms') },
    });
  });

  it('tells wrong keys, a missing bucket and a denied object apart', async () => {
    const wrong = await site.openAt({
      credentials: async () => ({ accessKeyId: 'nobody', secretAccessKey: 'nothing' }),
    });
    const list = async (store: ObjectStore, name: string) => {
      for await (const _ of store.list({ bucket: name, prefix: '', signal }));
    };
    await expect(list(wrong, bucket)).rejects.toMatchObject({
      problem: { code: 'store-keys-refused' },
    });
    await expect(list(site.store, `${bucket}-not`)).rejects.toMatchObject({
      problem: { code: 'bucket-missing' },
    });
    const absent = site.store.head({ bucket: `${bucket}-not`, key, signal });
    await expect(absent).rejects.toMatchObject({ problem: { code: 'bucket-missing' } });

    const denied = await site.bucket();
    const { PutBucketPolicyCommand } = await import('@aws-sdk/client-s3');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${denied}/*`,
        },
      ],
    });
    await site.client.send(new PutBucketPolicyCommand({ Bucket: denied, Policy }));
    const file = join(folder(), 'a');
    writeFileSync(file, 'a');
    const up = upload({
      store: site.store,
      file,
      bucket: denied,
      key: 'a',
      metadata: {},
      overwrite: false,
      tries: triesIn(folder()),
      signal,
      log: () => {},
      progress: () => {},
    });
    await expect(up).rejects.toMatchObject({
      problem: { code: 'store-access-denied', safe: expect.stringContaining('is unchanged') },
    });
  });

  it('says by how much the clocks are apart', async () => {
    const store = await site.openAt({});
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 2 * 3600 * 1000 });
    onTestFinished(() => void vi.useRealTimers());
    await expect(store.head({ bucket, key, signal })).rejects.toMatchObject({
      problem: {
        code: 'clock-skewed',
        what: expect.stringMatching(/are (2 h|1 h 59 min) .*apart; this machine's is behind/),
      },
    });
  });

  it.skipIf(!mayMount)('leaves the disk as it was when it is full', async () => {
    const small = mountDisk('size=4m');
    onTestFinished(small.unmount);
    await expect(bring(site.store, join(small.path, 'a'))).rejects.toMatchObject({
      problem: { code: 'disk-full', safe: expect.stringContaining('nothing was loaded') },
    });
    const disk = mountDisk('size=14m');
    onTestFinished(disk.unmount);
    const fills: ObjectStore = {
      ...site.store,
      async *read(request) {
        disk.fill();
        yield* site.store.read(request);
      },
    };
    await expect(bring(fills, join(disk.path, 'a'))).rejects.toMatchObject({
      problem: { code: 'disk-full', safe: expect.stringContaining('removed') },
    });
    expect(readdirSync(disk.path)).toEqual(['filler']);
    disk.free();
    expect((await bring(site.store, join(disk.path, 'a'))).sha256).toBe(sha256);
  });
});
