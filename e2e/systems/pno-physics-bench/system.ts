import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { bucketName } from '../buckets.ts';
import { openPlace, type Place, program } from '../place.ts';
import { kubectl, type Range } from '../range.ts';
import { addTarget } from '../targets.ts';
import { application, claim } from '../workloads.ts';

/** The system of the guide pno-physics-bench in small: a service with models, its archives, its target. */
export interface PnoPhysicsBench {
  place: Place;
  bucket: string;
  /** The key of the archive that is whole; a newer one is cut off. */
  archive: string;
  /** The namespace goes, with all that it held. */
  loseEverything(): Promise<void>;
  /** From outside: copies, settings, secret and every byte of the models. */
  expectRecovered(): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'pno-physics-bench';
const PATH = '/app/models';
const STAMP = '20260329_020000';
const KEY = 'pno-key-of-the-range';
const ARCHIVE = `backup-${STAMP}.tar.gz`;

export async function startPnoPhysicsBench(range: Range): Promise<PnoPhysicsBench> {
  const place = await openPlace(range, 'pno');
  try {
    return await fill(place);
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function fill(place: Place): Promise<PnoPhysicsBench> {
  const { range } = place;
  const bucket = bucketName('pno');
  await place.first.make(bucket);
  const files = { claim: 'pno-models', path: PATH };
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'pno-config' } };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pno-api-key' } };
  const app = { name: NAME, image: range.image, replicas: 2, files, configMap: 'pno-config' };
  await place.apply(
    program(),
    claim(files.claim),
    { ...settings, data: { VERSION: '3.1.4' } },
    { ...secret, stringData: { key: KEY } },
    ...application(app),
  );
  await place.ready(`deployment/${NAME}`);
  const sums = await makeBackups(place, bucket);
  await addTarget(place);
  return {
    place,
    bucket,
    archive: ARCHIVE,
    async loseEverything() {
      await kubectl(range, ['delete', 'namespace', place.namespace, '--timeout=50s']);
    },
    expectRecovered: () => expectRecovered(place, sums),
    close: () => place.close(),
  };
}

/** As the guide's backup script lays it out; returns the checksums of the models. */
async function makeBackups(place: Place, bucket: string): Promise<string> {
  const folder = join(place.folder, STAMP);
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
  const made = join(place.folder, 'made.tar.gz');
  execFileSync('tar', ['-czf', made, '-C', place.folder, STAMP], { timeout: 30_000 });
  const whole = readFileSync(made);
  await place.first.put(bucket, ARCHIVE, whole);
  const cut = whole.subarray(0, Math.floor(whole.length / 2));
  await place.first.put(bucket, 'backup-20260330_020000.tar.gz', cut);
  return models.join('');
}

async function expectRecovered(place: Place, sums: string): Promise<void> {
  const { kubectl: ask } = place;
  const ready = 'jsonpath={.status.readyReplicas}';
  expect(await ask('get', 'deployment', NAME, '-o', ready)).toBe('2');
  const version = 'jsonpath={.data.VERSION}';
  expect(await ask('get', 'configmap', 'pno-config', '-o', version)).toBe('3.1.4');
  const key = await ask('get', 'secret', 'pno-api-key', '-o', 'jsonpath={.data.key}');
  expect(Buffer.from(key, 'base64').toString()).toBe(KEY);
  const inPod = ['exec', `deployment/${NAME}`, '--', 'sh', '-c'];
  const found = await ask(...inPod, `cd ${PATH} && sha256sum fno.bin deeponet.bin`);
  expect(`${found}\n`).toBe(sums);
  const answer = await fetch(`http://${await place.address(NAME)}/health`, {
    signal: AbortSignal.timeout(10_000),
  });
  expect(answer.status).toBe(200);
}
