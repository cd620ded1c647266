import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { bucketName } from '../buckets.ts';
import { contents, type Login, pgDump, psql } from '../observer.ts';
import { openPlace, type Place, program } from '../place.ts';
import type { Range } from '../range.ts';
import { addCopies, addTarget } from '../targets.ts';
import { application, postgres } from '../workloads.ts';

/** The system of the guide protein-sssl in small: a database with live writes, its backups, two sites. */
export interface ProteinSssl {
  place: Place;
  login: Login;
  bucket: string;
  /** The key of the newest whole backup, and what the database held at its time. */
  backup: { key: string; time: string; held: string[] };
  /** Rows and checksums now of what was there at a time. */
  held(until: string): Promise<string[]>;
  /** From outside: all that the backup held is there again, and nothing else from before it. */
  expectRestored(time: string, held: readonly string[]): Promise<void>;
  /** Adds the two targets; `firstSite` where the first site is reached, such as a proxy. */
  addTargets(firstSite?: string): Promise<void>;
  close(): Promise<void>;
}

export const DATABASE = 'protein_sssl';
const TABLES = ['proteins', 'predictions'];
const PASSWORD = 'protein-range-password';
const INSERT = 'insert into predictions (protein, made) values (1 + floor(random() * 5000), now())';

export async function startProteinSssl(range: Range): Promise<ProteinSssl> {
  const place = await openPlace(range, 'protein-sssl');
  try {
    return await fill(place);
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function fill(place: Place): Promise<ProteinSssl> {
  const { image } = place.range;
  const user = 'protein_sssl_user';
  const server = { name: 'postgres', database: DATABASE, user, password: PASSWORD, image };
  const bucket = bucketName('protein-sssl');
  for (const site of [place.first, place.second]) {
    await site.make(bucket);
    await site.keepVersions(bucket);
  }
  await place.apply(...postgres(server));
  await place.ready('deployment/postgres');
  const login: Login = {
    address: await place.address('postgres'),
    user: 'postgres',
    password: PASSWORD,
  };
  await psql(login, 'postgres', `create role ${user} login password '${PASSWORD}'`);
  await psql(login, 'postgres', `create database ${DATABASE} owner ${user}`);
  await psql({ ...login, user }, DATABASE, TABLES_AND_ROWS);
  const name = 'protein-sssl';
  const app = application({ name, image, replicas: 2, server: { ...server, insert: INSERT } });
  await place.apply(program(), ...app);
  await place.ready('deployment/protein-sssl');
  const held = (until: string) => contents(login, DATABASE, TABLES, until);
  const count = async () => Number(await psql(login, DATABASE, 'select count(*) from predictions'));
  const backup = await backUp(place, login, bucket, held);
  return {
    place,
    login,
    bucket,
    backup,
    held,
    async expectRestored(time, before) {
      expect(await held(time)).toEqual(before);
      const copies = 'jsonpath={.status.readyReplicas}/{.spec.replicas}';
      const found = await place.kubectl('get', 'deployment', 'protein-sssl', '-o', copies);
      expect(found).toBe('2/2');
      // What was written after the backup went with the old database; the application writes again.
      const now = await count();
      await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(now);
    },
    async addTargets(site) {
      await addTarget(place, {
        database: DATABASE,
        login,
        ...(site === undefined ? {} : { site }),
      });
      await addCopies(place);
    },
    close: () => place.close(),
  };
}

const TABLES_AND_ROWS = `
create table proteins (id serial primary key, sequence text not null, made timestamptz not null);
create table predictions (id bigserial primary key, protein int not null references proteins,
  made timestamptz not null);
insert into proteins (sequence, made)
  select repeat(md5(n::text), 4), now() - interval '30 days' from generate_series(1, 5000) n;
insert into predictions (protein, made)
  select 1 + n % 5000, now() - interval '1 day' from generate_series(1, 20000) n;
`;

/** Two backups as the guide's job makes them: a whole one, and a later one that was cut off. */
async function backUp(
  place: Place,
  login: Login,
  bucket: string,
  held: (until: string) => Promise<string[]>,
): Promise<ProteinSssl['backup']> {
  const file = join(place.folder, 'backup.sql.gz');
  const now = await psql(
    login,
    'postgres',
    "select to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS')",
  );
  const key = keyOf(now);
  await pgDump(login, DATABASE, file);
  const whole = readFileSync(file);
  const cut = whole.subarray(0, Math.floor(whole.length / 2));
  for (const site of [place.first, place.second]) await site.put(bucket, key, whole);
  const later = new Date(Date.parse(`${now.replace(' ', 'T')}Z`) + 1000);
  await place.first.put(bucket, keyOf(later.toISOString().slice(0, 19)), cut);
  const time = `${now}+00`;
  return { key, time, held: await held(time) };
}

/** `2026-03-29 12:31:00` becomes `database/2026/03/29/protein_sssl_20260329_123100.sql.gz`. */
function keyOf(time: string): string {
  const [day = '', clock = ''] = time.split(/[ T]/);
  const name = `protein_sssl_${day.replaceAll('-', '')}_${clock.replaceAll(':', '')}.sql.gz`;
  return `database/${day.replaceAll('-', '/')}/${name}`;
}
