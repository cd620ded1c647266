import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { proxyTo } from '../engine/objects/test/proxy.ts';
import { hasRange, openSite } from '../engine/objects/test/sites.ts';
import { rangeServers } from '../engine/test/range-json.ts';
import { openStore } from '../store/open.ts';
import { folder, muster, runbook, start, summary } from './test/muster.ts';

const MIB = 1024 * 1024;
const options = ['--auto', '--yes', 'destructive', '--json', '--target', 'primary=site'];

/** Parts of 16 MiB, six at once. */
const text = (bucket: string): string => `---
runbook: 1
requires: {target: [primary]}
---
# Keep

## All
### Keep it
\`\`\`s3 {id=keep timeout=2m}
upload: dump
to: s3://${bucket}/dump
\`\`\`
`;

describe.skipIf(!hasRange)('kill -9 of Muster in the middle of an upload', () => {
  it('costs no part that was whole, and leaves none behind', async () => {
    const site = await openSite();
    onTestFinished(() => site.close());
    const bucket = await site.bucket();
    const between = await proxyTo(site.endpoint);
    onTestFinished(() => between.close());
    const home = folder();
    const path = runbook(text(bucket));
    const bytes = randomBytes(200 * MIB);
    writeFileSync(join(path, '..', 'dump'), bytes);
    const servers = rangeServers()?.s3;
    if (servers === undefined) throw new Error('MUSTER_RANGE is not set');
    vi.stubEnv('CRASH_ACCESS', servers.accessKeyId);
    vi.stubEnv('CRASH_SECRET', servers.secretAccessKey);
    onTestFinished(() => void vi.unstubAllEnvs());
    const target = ['targets', 'add', 'site', '--care', 'practice', '--path-style'];
    const where = ['--endpoint', between.endpoint, '--region', servers.region, '--bucket', bucket];
    const keys = ['--access-key', 'env:CRASH_ACCESS', '--secret-key', 'env:CRASH_SECRET'];
    expect((await muster(home, ...target, ...where, ...keys)).code).toBe(0);

    between.cutAfter(130 * MIB);
    const { child, end } = start(home, ['run', path, ...options]);
    let out = '';
    child.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    await Promise.race([between.whenCut(), end]);
    child.kill('SIGKILL');
    await end;
    const run = /"run":"([^"]+)"/.exec(out)?.[1] ?? '';
    between.restore();

    const resumed = await muster(home, 'resume', run, ...options.slice(0, 4));
    const { steps } = summary(resumed.out);
    expect(steps[0]).toMatchObject({ id: 'keep', status: 'succeeded', attempts: 2 });
    const store = openStore(home);
    const said = store.outputs.read(run, 'keep', 2, 0, 100_000).map(({ bytes: one }) => one);
    store.close();
    expect(Buffer.concat(said).toString()).toMatch(
      /Takes up an earlier upload: \d+ of 13 parts are there/,
    );
    const { ListMultipartUploadsCommand, GetObjectCommand } = await import('@aws-sdk/client-s3');
    const open = await site.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(open.Uploads ?? []).toEqual([]);
    const got = await site.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'dump' }));
    const sha256 = createHash('sha256');
    sha256.update(await buffer(got.Body as NodeJS.ReadableStream));
    expect(sha256.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));

    expect((await muster(home, 'verify', run)).code).toBe(0);
  }, 120_000);
});
