import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { contents, type Login, pgDump, psql } from './observer.ts';
import { openPlace, type Place, program } from './place.ts';
import { rangeServers } from './range.ts';
import { brokenCopy, runbook, summaryOf } from './runs.ts';
import { addTarget } from './targets.ts';
import { application, postgres } from './workloads.ts';

/** F2: PostgreSQL from one dump, with the application stopped. */

const range = rangeServers();
const RESTORE = 'photonic-foundry/restore-postgres.md';
const DATABASE = 'photonic_foundry';
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

test.describe('photonic-foundry', () => {
  test.skip(range === null, 'MUSTER_RANGE is not set');
  test.describe.configure({ mode: 'serial', timeout: 180_000 });

  let place: Place;
  let login: Login;
  let dump: string;
  let taken: string;
  let held: string[];

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    if (range === null) return;
    place = await openPlace(range, 'photonic');
    const user = 'photonic';
    const server = { name: 'postgres', database: DATABASE, user, password: PASSWORD };
    await place.apply(program(), ...postgres({ ...server, image: range.image }));
    await place.ready('deployment/postgres');
    const address = await place.address('postgres');
    login = { address, user: 'postgres', password: PASSWORD };
    await psql(login, 'postgres', `create role ${user} login password '${PASSWORD}'`);
    await psql(login, 'postgres', `create database ${DATABASE} owner ${user}`);
    await psql({ ...login, user }, DATABASE, SCHEMA);
    const writes = { ...server, image: range.image, insert: INSERT };
    const app = { name: 'photonic-foundry', image: range.image, replicas: 3, server: writes };
    await place.apply(...application(app));
    await place.ready('deployment/photonic-foundry');
    const clock = `select to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    taken = await psql(login, DATABASE, clock);
    dump = join(place.folder, 'backup.dump');
    await pgDump(login, DATABASE, dump);
    held = await contents(login, DATABASE, TABLES, taken);
    // Muster reaches it through a port-forward; the observer does not.
    await addTarget(place, { database: DATABASE, login, through: 'service/postgres' });
  });

  test.afterAll(async () => {
    await place?.close();
  });

  const restore = (file: string, from: string) =>
    place.muster(
      ...['run', file, '--mode', 'incident', '--yes', 'destructive', '--json'],
      ...['--target', 'primary=range', '--input', `DUMP=${from}`, '--input', `TAKEN=${taken}`],
      ...['--answer', 'declare=restore', '--answer', 'replace=yes', '--answer', 'hand-over=done'],
    );

  /** From outside: the data of the dump is there, and three copies write to it. */
  async function expectRestored(): Promise<void> {
    expect(await contents(login, DATABASE, TABLES, taken)).toEqual(held);
    const ready = 'jsonpath={.status.readyReplicas}';
    expect(await place.kubectl('get', 'deployment', 'photonic-foundry', '-o', ready)).toBe('3');
    const count = async () => Number(await psql(login, DATABASE, 'select count(*) from results'));
    const before = await count();
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(before);
  }

  test('a dump that was cut off changes nothing, and the application goes on', async () => {
    const cut = join(place.folder, 'cut.dump');
    const whole = readFileSync(dump);
    writeFileSync(cut, whole.subarray(0, Math.floor(whole.length * 0.7)));
    const ended = await restore(runbook(RESTORE), cut);
    expect(ended.code, ended.err).toBe(1);
    expect(summaryOf(ended).problem?.code).toMatch(/^dump-/);
    await expectRestored();
  });

  test('a runbook without the swap is caught from outside', async () => {
    await psql(login, DATABASE, 'delete from results where id % 5 = 0');
    const swaps = (answer: string) => `undo=auto if="replace == '${answer}'"}\nswap:`;
    const copy = brokenCopy(RESTORE, place.folder, swaps('yes'), swaps('never'));
    const ended = await restore(copy, dump);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(expectRestored()).rejects.toThrow();
  });

  test('F2: all data is that of the dump again, and the time it took is measured', async () => {
    const ended = await restore(runbook(RESTORE), dump);
    expect(summaryOf(ended)).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expectRestored();
    expect(summaryOf(ended).measures).toMatchObject([
      { component: 'Application', rtoMs: expect.any(Number), rpoMs: expect.any(Number) },
      { component: 'Database', rtoMs: expect.any(Number), verdict: 'met' },
    ]);
  });
});
