import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { bucketName } from '../buckets.ts';
import { contents, type Login, pgDump, psql } from '../observer.ts';
import { openPlace, type Place, program } from '../place.ts';
import type { Range } from '../range.ts';
import { addTarget } from '../targets.ts';
import { application, claim, postgres } from '../workloads.ts';

/** The system of the guide modelcard-generator in small: database, files, settings, backups, its target. */
export interface ModelcardGenerator {
  place: Place;
  bucket: string;
  /** Rows, files, configuration and a secret are lost or wrong. */
  damage(): Promise<void>;
  /** Rows and checksums now of what was there when the backup was made. */
  rows(): Promise<string[]>;
  /** From outside: rows, files, configuration and secret are those of the backup. */
  expectRecovered(): Promise<void>;
  close(): Promise<void>;
}

export const GOOD_DAY = '20260329';
/** The uploads of this day were cut off. */
export const BROKEN_DAY = '20260330';
export const API_KEY = 'modelcard-key-that-no-record-may-show';

const NAME = 'modelcard-generator';
const DATABASE = 'modelcards';
const PASSWORD = 'modelcard-range-password';
const UPLOADS = '/var/lib/modelcard/uploads';
const CARDS = `
create table model_cards (id bigserial primary key, title text not null, made timestamptz not null);
insert into model_cards (title, made)
  select md5(n::text), now() - interval '3 days' from generate_series(1, 8000) n;
`;
const INSERT = "insert into model_cards (title, made) values ('live', now())";

export async function startModelcardGenerator(range: Range): Promise<ModelcardGenerator> {
  const place = await openPlace(range, 'modelcard');
  try {
    return await fill(place);
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function fill(place: Place): Promise<ModelcardGenerator> {
  const { image } = place.range;
  const bucket = bucketName('modelcard');
  await place.first.make(bucket);
  const server = { name: 'postgres', database: DATABASE, user: 'modelcard', password: PASSWORD };
  await place.apply(program(), claim('uploads'), ...postgres({ ...server, image }));
  await place.ready('deployment/postgres');
  const address = await place.address('postgres');
  const login: Login = { address, user: 'postgres', password: PASSWORD };
  await psql(login, 'postgres', `create role modelcard login password '${PASSWORD}'`);
  await psql(login, 'postgres', `create database ${DATABASE} owner modelcard`);
  await psql({ ...login, user: 'modelcard' }, DATABASE, CARDS);
  await place.apply(...settings('2.0', API_KEY));
  const files = { claim: 'uploads', path: UPLOADS };
  const writes = { ...server, image, insert: INSERT };
  const app = { name: NAME, image, replicas: 2, files, configMap: 'modelcard-config' };
  await place.apply(
    ...application({ ...app, server: writes }),
    ...application({ name: 'redis', image, replicas: 1 }),
  );
  await place.ready(`deployment/${NAME}`, 'deployment/redis');
  const until = await psql(login, DATABASE, 'select now()');
  const rows = () => contents(login, DATABASE, ['model_cards'], until);
  const backup = await makeBackups(place, bucket, login, rows);
  await addTarget(place, { database: DATABASE, login });
  return {
    place,
    bucket,
    rows,
    async damage() {
      await psql(login, DATABASE, 'delete from model_cards where id % 4 = 0');
      await place.kubectl('exec', `deployment/${NAME}`, '--', 'rm', '-rf', `${UPLOADS}/card.txt`);
      await place.apply(...settings('9.9-wrong', 'another-key'));
    },
    async expectRecovered() {
      expect(await rows()).toEqual(backup.held);
      await expectFilesAndSettings(place, backup.sums);
    },
    close: () => place.close(),
  };
}

function settings(version: string, key: string): object[] {
  const of = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });
  return [
    { ...of('ConfigMap', 'modelcard-config'), data: { VERSION: version } },
    { ...of('Secret', 'modelcard-api'), stringData: { key } },
  ];
}

/** As the guide's script makes them, for both days; returns what they hold. */
async function makeBackups(
  place: Place,
  bucket: string,
  login: Login,
  rows: () => Promise<string[]>,
): Promise<{ held: string[]; sums: string }> {
  const folder = join(place.folder, 'backup');
  const uploads = join(folder, UPLOADS);
  mkdirSync(uploads, { recursive: true });
  const card = Buffer.from('a model card\n'.repeat(20_000));
  writeFileSync(join(uploads, 'card.txt'), card);
  const sums = `${createHash('sha256').update(card).digest('hex')}  card.txt`;
  writeFileSync(join(uploads, 'SHA256SUMS'), `${sums}\n`);
  const archive = join(place.folder, 'uploads.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', folder, UPLOADS.slice(1)], { timeout: 30_000 });
  const dump = join(place.folder, 'database.sql.gz');
  await pgDump(login, DATABASE, dump);
  const held = await rows();
  const whole = readFileSync(archive);
  for (const day of [GOOD_DAY, BROKEN_DAY]) {
    const put = (name: string, content: Buffer | string) =>
      place.first.put(bucket, `${day}/${name}`, content);
    await put('database.sql.gz', readFileSync(dump));
    await put('configmaps.yaml', await place.kubectl('get', 'configmaps', '-o', 'yaml'));
    await put('secrets.yaml', await place.kubectl('get', 'secrets', '-o', 'yaml'));
    await put('uploads.tar.gz', day === GOOD_DAY ? whole : whole.subarray(0, whole.length / 2));
  }
  return { held, sums };
}

async function expectFilesAndSettings(place: Place, sums: string): Promise<void> {
  const { kubectl } = place;
  const config = ['get', 'configmap', 'modelcard-config', '-o', 'jsonpath={.data.VERSION}'];
  expect(await kubectl(...config)).toBe('2.0');
  const key = await kubectl('get', 'secret', 'modelcard-api', '-o', 'jsonpath={.data.key}');
  expect(Buffer.from(key, 'base64').toString()).toBe(API_KEY);
  const inPod = ['exec', `deployment/${NAME}`, '--', 'sh', '-c'];
  expect(await kubectl(...inPod, `cd ${UPLOADS} && sha256sum card.txt`)).toBe(sums);
  const address = await place.address(NAME);
  const ask = (path: string) =>
    fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(10_000) });
  expect((await ask('/health')).status).toBe(200);
  expect(await (await ask('/version')).json()).toEqual({ version: '2.0' });
}
