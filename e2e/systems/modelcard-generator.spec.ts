import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { bucketName } from './buckets.ts';
import { contents, type Login, pgDump, psql } from './observer.ts';
import { openPlace, type Place, program } from './place.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';
import { addTarget } from './targets.ts';
import { application, claim, postgres } from './workloads.ts';

/** M8: database, files, configuration and secrets go back to one day's backup. */

const range = rangeServers();
const RECOVER = 'modelcard-generator/recover-date.md';
const NAME = 'modelcard-generator';
const DATABASE = 'modelcards';
const PASSWORD = 'modelcard-range-password';
const API_KEY = 'modelcard-key-that-no-record-may-show';
const UPLOADS = '/var/lib/modelcard/uploads';
const CARDS = `
create table model_cards (id bigserial primary key, title text not null, made timestamptz not null);
insert into model_cards (title, made)
  select md5(n::text), now() - interval '3 days' from generate_series(1, 8000) n;
`;
const INSERT = "insert into model_cards (title, made) values ('live', now())";
const GOOD_DAY = '20260329';
const BROKEN_DAY = '20260330';

test.describe('modelcard-generator', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let place: Place;
  let login: Login;
  let bucket: string;
  let until: string;
  let held: string[];
  let sums: string;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range === null) return;
    place = await openPlace(range, 'modelcard');
    bucket = bucketName('modelcard');
    await place.first.make(bucket);
    const server = { name: 'postgres', database: DATABASE, user: 'modelcard', password: PASSWORD };
    const { image } = range;
    await place.apply(program(), claim('uploads'), ...postgres({ ...server, image }));
    await place.ready('deployment/postgres');
    login = { address: await place.address('postgres'), user: 'postgres', password: PASSWORD };
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
    await makeBackups();
    await addTarget(place, { database: DATABASE, login });
  });

  test.afterAll(async () => {
    await place?.close();
  });

  function settings(version: string, key: string): object[] {
    const of = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });
    return [
      { ...of('ConfigMap', 'modelcard-config'), data: { VERSION: version } },
      { ...of('Secret', 'modelcard-api'), stringData: { key } },
    ];
  }

  /** As the guide's script makes them; the uploads of a later day were cut off. */
  async function makeBackups(): Promise<void> {
    const folder = join(place.folder, 'backup');
    const uploads = join(folder, UPLOADS);
    mkdirSync(uploads, { recursive: true });
    const card = Buffer.from('a model card\n'.repeat(20_000));
    writeFileSync(join(uploads, 'card.txt'), card);
    sums = `${createHash('sha256').update(card).digest('hex')}  card.txt`;
    writeFileSync(join(uploads, 'SHA256SUMS'), `${sums}\n`);
    const archive = join(place.folder, 'uploads.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', folder, UPLOADS.slice(1)], { timeout: 30_000 });
    until = await psql(login, DATABASE, 'select now()');
    const dump = join(place.folder, 'database.sql.gz');
    await pgDump(login, DATABASE, dump);
    held = await contents(login, DATABASE, ['model_cards'], until);
    const whole = readFileSync(archive);
    for (const day of [GOOD_DAY, BROKEN_DAY]) {
      const put = (name: string, content: Buffer | string) =>
        place.first.put(bucket, `${day}/${name}`, content);
      await put('database.sql.gz', readFileSync(dump));
      await put('configmaps.yaml', await place.kubectl('get', 'configmaps', '-o', 'yaml'));
      await put('secrets.yaml', await place.kubectl('get', 'secrets', '-o', 'yaml'));
      await put('uploads.tar.gz', day === GOOD_DAY ? whole : whole.subarray(0, whole.length / 2));
    }
  }

  /** Rows, files, configuration and a secret are lost or wrong. */
  async function damage(): Promise<void> {
    await psql(login, DATABASE, 'delete from model_cards where id % 4 = 0');
    await place.kubectl('exec', `deployment/${NAME}`, '--', 'rm', '-rf', `${UPLOADS}/card.txt`);
    await place.apply(...settings('9.9-wrong', 'another-key'));
  }
  const recover = (file: string, day: string) =>
    place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `BUCKET=${bucket}`, '--input', `DATE=${day}`],
      ...['--input', `FOLDER=${join(place.folder, 'recovery')}`],
      ...['--answer', 'declare=recover', '--answer', 'replace=yes', '--answer', 'hand-over=done'],
    );

  /** From outside: rows, files, configuration and secret are those of the backup. */
  async function expectRecovered(): Promise<void> {
    expect(await contents(login, DATABASE, ['model_cards'], until)).toEqual(held);
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

  test('a day with a broken part is no backup, and nothing is touched', async () => {
    await damage();
    const before = await contents(login, DATABASE, ['model_cards'], until);
    const ended = await recover(runbook(RECOVER), BROKEN_DAY);
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toBe('archive-truncated');
    expect(await contents(login, DATABASE, ['model_cards'], until)).toEqual(before);
    await expect(expectRecovered()).rejects.toThrow();
  });

  test('a runbook that leaves out the swap is caught from outside', async () => {
    const swaps = (answer: string) => `undo=auto if="replace == '${answer}'"}\nswap:`;
    const copy = brokenCopy(RECOVER, place.folder, swaps('yes'), swaps('never'));
    const ended = await recover(copy, GOOD_DAY);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(expectRecovered()).rejects.toThrow();
  });

  test('M8: all of that day is back, and no record shows a secret', async () => {
    await damage();
    const ended = await recover(runbook(RECOVER), GOOD_DAY);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expectRecovered();
    const { id, measures } = summaryOf(ended);
    expect(measures).toMatchObject([
      { component: 'Model cards', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
    ]);
    const report = await place.muster('report', id, '--format', 'json');
    const encoded = Buffer.from(API_KEY).toString('base64');
    for (const text of [API_KEY, encoded]) expect(report.out + ended.out).not.toContain(text);
  });
});
