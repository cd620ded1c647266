import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rangeServers } from '../test/range-json.ts';
import { isOwnProcess, stopServer } from '../test/range-process.ts';
import { download } from './download.ts';
import { expectedSums } from './integrity.ts';
import type { Patience } from './patience.ts';
import { openSite, type Site } from './test/sites.ts';
import { triesIn } from './test/tries-in.ts';
import { upload } from './upload.ts';

/** The gateway of the second site is really ended and started again in the middle of transfers. */
const logs = rangeServers()?.logs ?? '';
const GATEWAY = 's3b-rgw';
const { signal } = new AbortController();
const content = randomBytes(24 * 1024 * 1024);
const sha256 = createHash('sha256').update(content).digest('hex');
const long: Patience = { totalMs: 60_000, firstPauseMs: 100, longestPauseMs: 500 };
const short: Patience = { totalMs: 600, firstPauseMs: 50, longestPauseMs: 200 };
const partSize = 5 * 1024 * 1024;

describe.skipIf(!isOwnProcess(logs, GATEWAY))('a store that ends', { timeout: 90_000 }, () => {
  let site: Site;
  let bucket = '';
  let folder = '';
  beforeAll(async () => {
    site = await openSite('s3b');
    bucket = await site.bucket();
    folder = mkdtempSync(join(tmpdir(), 'muster-store-outage-'));
    writeFileSync(join(folder, 'up'), content);
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const send = (key: string, patience: Patience, begun: () => void) =>
    upload({
      ...{ store: site.store, file: join(folder, 'up'), bucket, key, metadata: {} },
      ...{ overwrite: true, tries: triesIn(folder), signal, log: () => {}, patience, partSize },
      progress: ({ done }) => {
        if (done > 0) begun();
      },
    });

  async function bring(key: string, begun: () => void) {
    const head = await site.store.head({ bucket, key, signal });
    if (head === null) throw new Error('no object');
    return download({
      ...{ store: site.store, head, file: join(folder, 'down'), overwrite: false, signal },
      ...{ log: () => {}, patience: long, partSize },
      expected: await expectedSums(site.store, head, {}, signal),
      progress: ({ done }) => {
        if (done > 0) begun();
      },
    });
  }

  /** Resolves once a transfer is in its middle. */
  function inTheMiddle<T>(work: (begun: () => void) => Promise<T>): [Promise<T>, Promise<void>] {
    let begun = (): void => undefined;
    const middle = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const ended = work(() => begun());
    ended.catch(() => undefined);
    return [ended, middle];
  }

  async function awayForASecond(): Promise<void> {
    const gateway = await stopServer(logs, GATEWAY);
    try {
      await pause(1_000);
    } finally {
      gateway.start();
    }
  }

  test('holds an upload and a download up, and both are whole', async () => {
    const [up, middleOfUp] = inTheMiddle((begun) => send('orders.dump', long, begun));
    await middleOfUp;
    await awayForASecond();
    expect(await up).toMatchObject({ sha256 });
    const [down, middleOfDown] = inTheMiddle((begun) => bring('orders.dump', begun));
    await middleOfDown;
    await awayForASecond();
    expect((await down).sha256).toBe(sha256);
    expect(readFileSync(join(folder, 'down')).equals(content)).toBe(true);
  });

  test('and stays away: a typed problem, no object, and a retry that works', async () => {
    const [up, middle] = inTheMiddle((begun) => send('away.dump', short, begun));
    await middle;
    const gateway = await stopServer(logs, GATEWAY);
    try {
      await expect(up).rejects.toMatchObject({
        problem: { code: 'store-unreachable', safe: expect.stringContaining('is unchanged') },
      });
    } finally {
      gateway.start();
    }
    expect((await send('away.dump', long, () => undefined)).sha256).toBe(sha256);
  });
});
