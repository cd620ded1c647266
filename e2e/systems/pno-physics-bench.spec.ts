import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { bucketName } from './buckets.ts';
import { openPlace, type Place, program } from './place.ts';
import { kubectl, rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';
import { addTarget } from './targets.ts';
import { application, claim } from './workloads.ts';

/** N9: a namespace is lost with all that it held, and built up again from one archive. */

const range = rangeServers();
const RECOVER = 'pno-physics-bench/recover-from-archive.md';
const NAME = 'pno-physics-bench';
const PATH = '/app/models';

test.describe('pno-physics-bench', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let place: Place;
  let bucket: string;
  let sums: string;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range === null) return;
    place = await openPlace(range, 'pno');
    bucket = bucketName('pno');
    await place.first.make(bucket);
    const files = { claim: 'pno-models', path: PATH };
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pno-config' } };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pno-api-key' } };
    await place.apply(
      program(),
      claim(files.claim),
      { ...settings, data: { VERSION: '3.1.4' } },
      { ...secret, stringData: { key: 'pno-key-of-the-range' } },
      ...application({
        name: NAME,
        image: range.image,
        replicas: 2,
        files,
        configMap: 'pno-config',
      }),
    );
    await place.ready(`deployment/${NAME}`);
    sums = await makeBackups();
    await addTarget(place);
  });

  test.afterAll(async () => {
    await place?.close();
  });

  /** As the guide's backup script lays it out; an older archive is whole, a newer one is cut off. */
  async function makeBackups(): Promise<string> {
    const stamp = '20260329_020000';
    const folder = join(place.folder, stamp);
    mkdirSync(join(folder, 'models'), { recursive: true });
    const models = ['fno.bin', 'deeponet.bin'].map((name) => {
      const content = randomBytes(300_000);
      writeFileSync(join(folder, 'models', name), content);
      return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
    });
    writeFileSync(join(folder, 'models', 'SHA256SUMS'), models.join(''));
    for (const [file, kinds] of [
      ['k8s-resources', 'all'],
      ['k8s-config', 'configmap,secret'],
      ['k8s-storage', 'pv,pvc'],
    ]) {
      const text = await place.kubectl('get', kinds ?? '', '-o', 'yaml');
      writeFileSync(join(folder, `${file}.yaml`), text);
    }
    const archive = join(place.folder, 'made.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', place.folder, stamp], { timeout: 30_000 });
    const whole = readFileSync(archive);
    await place.first.put(bucket, `backup-${stamp}.tar.gz`, whole);
    const cut = whole.subarray(0, Math.floor(whole.length / 2));
    await place.first.put(bucket, 'backup-20260330_020000.tar.gz', cut);
    return models.join('');
  }

  async function loseEverything(): Promise<void> {
    await kubectl(place.range, ['delete', 'namespace', place.namespace, '--timeout=50s']);
  }
  const recover = (file: string, archive: string) =>
    place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `NAMESPACE=${place.namespace}`],
      ...['--input', `BUCKET=${bucket}`, '--input', `ARCHIVE=${archive}`],
      ...['--input', `FOLDER=${join(place.folder, 'recovery')}`],
      ...['--answer', 'declare=recover', '--answer', 'hand-over=done'],
    );

  /** From outside: copies, settings, secret and every byte of the models. */
  async function expectRecovered(): Promise<void> {
    const { kubectl: ask } = place;
    const ready = 'jsonpath={.status.readyReplicas}';
    expect(await ask('get', 'deployment', NAME, '-o', ready)).toBe('2');
    expect(await ask('get', 'configmap', 'pno-config', '-o', 'jsonpath={.data.VERSION}')).toBe(
      '3.1.4',
    );
    const key = await ask('get', 'secret', 'pno-api-key', '-o', 'jsonpath={.data.key}');
    expect(Buffer.from(key, 'base64').toString()).toBe('pno-key-of-the-range');
    const inPod = ['exec', `deployment/${NAME}`, '--', 'sh', '-c'];
    const found = await ask(...inPod, `cd ${PATH} && sha256sum fno.bin deeponet.bin`);
    expect(`${found}\n`).toBe(sums);
    const answer = await fetch(`http://${await place.address(NAME)}/health`, {
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.status).toBe(200);
  }

  test('an archive that was cut off is noticed before anything is built up', async () => {
    await loseEverything();
    const ended = await recover(runbook(RECOVER), '');
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toBe('archive-truncated');
    const namespaces = await kubectl(place.range, ['get', 'namespaces', '-o', 'name']);
    expect(namespaces).not.toContain(place.namespace);
  });

  test('N9: everything of the archive is there again', async () => {
    const ended = await recover(runbook(RECOVER), 'backup-20260329_020000.tar.gz');
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expectRecovered();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Service', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
    ]);
  });

  test('a runbook that leaves out the models is caught from outside', async () => {
    await loseEverything();
    const copy = brokenCopy(RECOVER, place.folder, 'path: /app/models', 'path: /tmp/models');
    const ended = await recover(copy, 'backup-20260329_020000.tar.gz');
    expect(ended.code).toBe(1);
    await expect(expectRecovered()).rejects.toThrow();
  });
});
