import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { s3 } from '../steps/s3.ts';
import { testContext } from '../steps/test/context.ts';
import { bytesOf } from './small-content.ts';
import { storeIdentity } from './store.ts';
import { proxyTo } from './test/proxy.ts';
import { hasRange, openSite, type Site } from './test/sites.ts';
import { type PrefixState, watchPrefix } from './watch-prefix.ts';

const { signal } = new AbortController();

describe.skipIf(!hasRange)('what is kept in a store', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  const step = (body: Spec) =>
    testContext(s3, body, { target: { objectStore: async () => site.store } });
  const put = (
    bucket: string,
    key: string,
    text: string | Buffer,
    metadata: Record<string, string> = {},
  ) => site.store.put({ bucket, key, content: bytesOf(text), metadata, signal });
  const keysIn = async (bucket: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key } of site.store.list({ bucket, prefix: '', signal })) keys.push(key);
    return keys;
  };
  /** Written in an order that is not that of their names; each a second after the other. */
  const backups = async (bucket: string): Promise<void> => {
    for (const day of ['20260303', '20260301', '20260304', '20260302']) {
      await put(bucket, `db/orders-${day}.dump`, `dump of ${day}`, {
        'taken-at': `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T03:00:00Z`,
      });
    }
    await put(bucket, 'db/orders-20260305.dump', '');
  };

  it('chooses by time, by name and by metadata, and says what it passed over', async () => {
    const bucket = await site.bucket({ versions: true });
    await backups(bucket);
    const latest = `s3://${bucket}/db/`;
    const pattern = 'orders-%Y%m%d.dump';
    const byTime = step({ latest });
    const chosen = await s3.act(byTime);
    expect(chosen.values.key).toBe('db/orders-20260302.dump');
    expect(chosen.values.version).not.toBe('');
    expect(chosen.values.time).toBe(chosen.values.modified);
    expect(byTime.lines.join('\n')).toContain('orders-20260305.dump  passed over: it is empty');
    const byName = await s3.act(step({ latest, pattern, by: 'name' }));
    expect(byName.values).toMatchObject({
      key: 'db/orders-20260304.dump',
      time: '2026-03-04T00:00:00.000Z',
    });
    const byMetadata = await s3.act(step({ latest, by: 'metadata:taken-at' }));
    expect(byMetadata.values.time).toBe('2026-03-04T03:00:00.000Z');
    await expect(s3.act(step({ latest, pattern, 'max-age': '1h' }))).rejects.toMatchObject({
      problem: { code: 'no-object-fits' },
    });
    const preview = await s3.preview(step({ latest: `s3://${bucket}-not/` }));
    expect(preview.problem?.code).toBe('bucket-missing');
  });

  it('finds a version that was deleted, where it is told to', async () => {
    const bucket = await site.bucket({ versions: true });
    const { version } = await put(bucket, 'a.dump', 'one');
    await site.store.remove({ bucket, key: 'a.dump', signal });
    const latest = `s3://${bucket}/`;
    await expect(s3.act(step({ latest }))).rejects.toMatchObject({
      problem: { code: 'no-object-fits' },
    });
    const found = await s3.act(step({ latest, versions: true }));
    expect(found.values).toMatchObject({ key: 'a.dump', version });
    const listed = await s3.act(step({ list: latest, versions: true }));
    expect(listed.values).toMatchObject({ count: 1, total: 3 });
    const head = await s3.act(step({ head: `s3://${bucket}/a.dump`, version: version ?? '' }));
    expect(head.values.size).toBe(3);
  });

  it('prunes behind markers as its preview says, and brings all back', async () => {
    const bucket = await site.bucket({ versions: true });
    await backups(bucket);
    await put(bucket, 'db/orders-20260301.dump.sha256', 'sum');
    const body = { prune: `s3://${bucket}/db/`, pattern: 'orders-%Y%m%d.dump', 'keep-last': 2 };
    const preview = await s3.preview(step(body));
    const goes = preview.detail?.split('\n').filter((line) => line.startsWith('goes')) ?? [];
    expect(goes.map((line) => /[^/]+$/.exec(line)?.[0])).toEqual([
      'orders-20260301.dump',
      'orders-20260301.dump.sha256',
      'orders-20260302.dump',
    ]);
    const pruning = step(body);
    const done = await s3.act(pruning);
    expect(done.values.count).toBe(3);
    expect(await keysIn(bucket)).toEqual(
      ['03', '04', '05'].map((day) => `db/orders-202603${day}.dump`),
    );
    expect((await s3.act(step(body))).values.count).toBe(0);
    await s3.undo?.(pruning, done.before);
    expect(await keysIn(bucket)).toHaveLength(6);
  });

  it('refuses where nothing would bring it back, and where backups have stopped', async () => {
    const bucket = await site.bucket();
    await backups(bucket);
    const body = { prune: `s3://${bucket}/db/`, pattern: 'orders-%Y%m%d.dump' };
    const refused = { problem: { code: 'prune-refused', safe: 'Nothing was deleted.' } };
    await expect(s3.act(step({ ...body, 'keep-last': 1 }))).rejects.toMatchObject(refused);
    const forGood = { ...body, permanently: true };
    await expect(s3.act(step({ ...forGood, 'keep-days': 1 }))).rejects.toMatchObject(refused);
    expect(await keysIn(bucket)).toHaveLength(5);
    expect((await s3.act(step({ ...forGood, 'keep-last': 3 }))).values.count).toBe(1);
  });

  it('deletes versions for good, but none that is locked or held', async () => {
    const bucket = await site.bucket({ locks: true });
    const versions: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      versions.push((await put(bucket, 'a.dump', `version ${at}`)).version ?? '');
    }
    const [first, second, third, fourth] = versions;
    const id = { Bucket: bucket, Key: 'a.dump' };
    await site.client.send(
      new PutObjectRetentionCommand({
        ...id,
        VersionId: first,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 3_600_000) },
      }),
    );
    const hold = (Status: 'ON' | 'OFF') =>
      site.client.send(
        new PutObjectLegalHoldCommand({ ...id, VersionId: second, LegalHold: { Status } }),
      );
    await hold('ON');
    const pruning = step({ prune: `s3://${bucket}/`, 'keep-last': 1, permanently: true });
    expect((await s3.act(pruning)).values.count).toBe(1);
    await hold('OFF');
    const output = pruning.lines.join('\n');
    expect(output).toMatch(new RegExp(`${first}: it is locked until`));
    expect(output).toContain(`${second}: it is under a legal hold`);
    const left: (string | null)[] = [];
    for await (const { version } of site.store.versions({ bucket, prefix: '', signal })) {
      left.push(version);
    }
    expect(left.sort()).toEqual([first, second, fourth].sort());
    expect(left).not.toContain(third);
  });

  it('verifies what is whole, and names the byte where it is not', async () => {
    const bucket = await site.bucket();
    const bytes = gzipSync('x'.repeat(1_000_000));
    await put(bucket, 'a.gz', bytes);
    await put(bucket, 'cut.gz', bytes.subarray(0, 700));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await put(bucket, 'SHA256SUMS', `${sha256}  a.gz\n${sha256}  cut.gz\n`);
    const manifest = `s3://${bucket}/SHA256SUMS`;
    const whole = step({ verify: `s3://${bucket}/a.gz`, manifest, size: bytes.length });
    expect((await s3.act(whole)).values.sha256).toBe(sha256);
    expect(whole.lines).toContain('archive: gzip, 1 MB unpacked');
    const cut = { verify: `s3://${bucket}/cut.gz` };
    await expect(s3.act(step(cut))).rejects.toMatchObject({
      problem: { code: 'archive-truncated', what: expect.stringContaining('ends at byte 700') },
    });
    await expect(s3.act(step({ ...cut, manifest, archive: 'none' }))).rejects.toMatchObject({
      problem: { code: 'checksum-mismatch' },
    });
    await expect(s3.act(step({ ...cut, 'min-size': '1kB' }))).rejects.toMatchObject({
      problem: { code: 'size-mismatch' },
    });
  });

  it('says who owns a bucket', async () => {
    const bucket = await site.bucket();
    const identity = await storeIdentity(site.store, bucket, signal);
    expect(identity).toMatchObject({ place: site.endpoint, bucket });
    expect(identity.owner).toMatch(/./);
  });

  it('watches a prefix, and keeps the last state while the store is away', async () => {
    const bucket = await site.bucket();
    await put(bucket, 'db/one', '1');
    await put(bucket, 'db/two', '22');
    const proxy = await proxyTo(site.endpoint);
    const store = await site.openAt({ endpoint: proxy.endpoint, silenceMs: 300 });
    const states: PrefixState[] = [];
    const stop = new AbortController();
    const watching = watchPrefix(store, bucket, 'db/', (state) => states.push(state), stop.signal, {
      everyMs: 100,
      most: 1,
    });
    const until = async (wanted: (state: PrefixState) => boolean): Promise<PrefixState> => {
      for (;;) {
        const last = states.at(-1);
        if (last !== undefined && wanted(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const first = await until(({ readAt }) => readAt !== null);
    expect(first).toMatchObject({ more: 1, total: 3, problem: null });
    await put(bucket, 'db/three', '333');
    const grown = await until(({ total }) => total === 6);
    expect(grown.newest.map(({ key }) => key)).toEqual(['db/three']);
    proxy.cut();
    const away = await until(({ problem }) => problem !== null);
    expect(away).toMatchObject({ total: 6, problem: { code: 'store-unreachable' } });
    expect(away.readAt).not.toBeNull();
    proxy.restore();
    await until(({ problem }) => problem === null);
    stop.abort();
    await watching;
    await proxy.close();
  }, 60_000);
});
