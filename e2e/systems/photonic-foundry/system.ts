import { join } from 'node:path';
import { expect } from '@playwright/test';
import { contents, type Login, pgDump, psql } from '../observer.ts';
import { openPlace, type Place, program } from '../place.ts';
import type { Range } from '../range.ts';
import { addTarget } from '../targets.ts';
import { application, postgres } from '../workloads.ts';

/** The system of the guide photonic-foundry in small: an application that writes, one dump, its target. */
export interface PhotonicFoundry {
  place: Place;
  /** The dump's file, and its time in UTC. */
  dump: string;
  taken: string;
  /** Of the database's superuser. */
  login: Login;
  /** Part of the data goes, from before the dump as well. */
  loseData(): Promise<void>;
  /** From outside: the data of the dump is there, and three copies write to it. */
  expectRestored(): Promise<void>;
  close(): Promise<void>;
}

export const DATABASE = 'photonic_foundry';
const PASSWORD = 'photonic-range-password';
const TABLES = ['simulations', 'results'];
const SCHEMA = `
create table simulations (id serial primary key, design text not null, made timestamptz not null);
create table results (id bigserial primary key, simulation int not null references simulations,
  made timestamptz not null);
insert into simulations (design, made)
  select md5(n::text), now() - interval '9 days' from generate_series(1, 2000) n;
insert into results (simulation, made)
  select 1 + n % 2000, now() - interval '1 day' from generate_series(1, 10000) n;
`;
const INSERT = 'insert into results (simulation, made) values (1 + floor(random() * 2000), now())';

export async function startPhotonicFoundry(range: Range): Promise<PhotonicFoundry> {
  const place = await openPlace(range, 'photonic');
  try {
    return await fill(place);
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function fill(place: Place): Promise<PhotonicFoundry> {
  const { image } = place.range;
  const user = 'photonic';
  const server = { name: 'postgres', database: DATABASE, user, password: PASSWORD };
  await place.apply(program(), ...postgres({ ...server, image }));
  await place.ready('deployment/postgres');
  const address = await place.address('postgres');
  const login: Login = { address, user: 'postgres', password: PASSWORD };
  await psql(login, 'postgres', `create role ${user} login password '${PASSWORD}'`);
  await psql(login, 'postgres', `create database ${DATABASE} owner ${user}`);
  await psql({ ...login, user }, DATABASE, SCHEMA);
  const writes = { ...server, image, insert: INSERT };
  const app = { name: 'photonic-foundry', image, replicas: 3, server: writes };
  await place.apply(...application(app));
  await place.ready('deployment/photonic-foundry');
  const clock = `select to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  const taken = await psql(login, DATABASE, clock);
  const dump = join(place.folder, 'backup.dump');
  await pgDump(login, DATABASE, dump);
  const held = await contents(login, DATABASE, TABLES, taken);
  // Muster reaches it through a port-forward; the observer does not.
  await addTarget(place, { database: DATABASE, login, through: 'service/postgres' });
  const count = async () => Number(await psql(login, DATABASE, 'select count(*) from results'));
  return {
    place,
    login,
    dump,
    taken,
    async loseData() {
      await psql(login, DATABASE, 'delete from results where id % 5 = 0');
    },
    async expectRestored() {
      expect(await contents(login, DATABASE, TABLES, taken)).toEqual(held);
      const ready = ['get', 'deployment', 'photonic-foundry', '-o'];
      expect(await place.kubectl(...ready, 'jsonpath={.status.readyReplicas}')).toBe('3');
      const before = await count();
      await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(before);
    },
    close: () => place.close(),
  };
}
