import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { databaseIdentity } from '../databases/identity.ts';
import { serverPrograms, startServer, type TestServer } from '../databases/test/server.ts';
import { sql } from './sql.ts';
import { type TestContextOptions, testContext } from './test/context.ts';

describe.skipIf(serverPrograms() === null)('sql steps', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
    await server.sql(`create table orders (id int primary key, status text, placed timestamptz);
      insert into orders select i, case when i % 4 = 0 then 'open' else 'paid' end,
        '2026-03-29 14:02:11.5+02' from generate_series(1, 100) i;
      create role reader login password 'reader-password'; grant select on orders to reader`);
  });
  afterAll(() => server.stop());

  const context = (body: Spec, options: TestContextOptions = {}, change: object = {}) =>
    testContext(sql, body, {
      target: { database: async () => ({ ...server.connection, ...change }) },
      ...options,
    });

  it('give rows, values and evidence', async () => {
    const given = context(
      {
        query: `select status, count(*) as orders, max(placed) as newest from orders where status = \${S} group by 1`,
        expect: "rows == 1 and orders > 70 and value == 'paid'",
      },
      { values: { S: 'paid' } },
    );
    const done = await sql.act(given);
    expect(done.values).toEqual({
      rows: 1,
      changed: 0,
      value: 'paid',
      status: 'paid',
      orders: '75',
      newest: '2026-03-29T12:02:11.5Z',
    });
    expect(given.lines).toContain('paid   |     75 | 2026-03-29T12:02:11.5Z');
    expect(JSON.parse(given.kept[0]?.content ?? '')).toMatchObject({ count: 1 });
  });

  it('print a bounded table of many rows', async () => {
    const given = context({ query: 'select generate_series(1, 200000) as n', show: '3' });
    expect((await sql.act(given)).values.rows).toBe(200_000);
    expect(given.lines.some((line) => line.includes('199997 not shown'))).toBe(true);
    expect(given.lines.length).toBeLessThan(10);
  });

  it.each([
    'delete from orders',
    "select set_config('transaction_read_only', 'off', true); delete from orders",
    'set transaction_read_only = off; delete from orders',
    'do $$ begin delete from orders; end $$',
    'do $$ begin commit; delete from orders; end $$',
  ])('change nothing unless they may: %s', async (query) => {
    await expect(sql.act(context({ query }))).rejects.toMatchObject({
      problem: { code: expect.stringMatching(/sql-read-only|sql-failed/) },
    });
    expect(await server.sql('select count(*) from orders')).toBe('100');
  });

  it('refuse to end their transaction', async () => {
    await expect(sql.act(context({ query: 'commit; delete from orders' }))).rejects.toMatchObject({
      problem: { code: 'sql-refused' },
    });
  });

  it('roll back a change that is not as expected', async () => {
    const query = "update orders set status = 'void'";
    await expect(
      sql.act(context({ query, write: true, expect: 'changed == 1' })),
    ).rejects.toMatchObject({ problem: { code: 'sql-not-as-expected' } });
    expect(await server.sql("select count(*) from orders where status = 'void'")).toBe('0');
    const done = await sql.act(
      context({ query: `${query} where id = 1`, write: '', expect: 'changed == 1' }),
    );
    expect(done.summary).toBe('Changed 1 rows, and changed == 1 holds.');
    expect(await server.sql("select count(*) from orders where status = 'void'")).toBe('1');
  });

  it('run separately what cannot stand in a transaction', async () => {
    await sql.act(context({ query: 'vacuum orders; analyze orders', write: 'separately' }));
    await expect(
      sql.act(
        context({ query: 'insert into orders values (900); select 1/0', write: 'separately' }),
      ),
    ).rejects.toMatchObject({ problem: { safe: expect.stringContaining('1 statements before') } });
    expect(await server.sql('select count(*) from orders where id = 900')).toBe('1');
  });

  it('show where the fault stands, and what the server remarks', async () => {
    await expect(
      sql.act(context({ query: 'select id,\n  colour from orders' })),
    ).rejects.toMatchObject({
      problem: {
        code: 'sql-failed',
        detail: expect.stringContaining('line 2:   colour from orders\n          ^'),
      },
    });
    const given = context({ query: "do $$ begin raise notice 'seen'; end $$" });
    await sql.act(given);
    expect(given.lines).toContain('NOTICE: seen');
  });

  it('tell a wrong password, a missing database and a closed port apart', async () => {
    const codeOf = (change: object): Promise<unknown> =>
      sql.act(context({ query: 'select 1' }, {}, change)).then(
        () => 'none',
        (error) => error.problem.code,
      );
    expect(await codeOf({ password: 'wrong-password' })).toBe('database-login-refused');
    expect(await codeOf({ password: null })).toBe('database-login-refused');
    expect(await codeOf({ database: 'gone' })).toBe('database-missing');
    expect(await codeOf({ port: 1 })).toBe('database-unreachable');
    expect(await codeOf({ sslmode: 'require' })).toBe('database-tls');
    expect(await codeOf({ sslmode: 'prefer' })).toBe('none');
  });

  it('give up on a server that accepts and never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(sql.act(context({ query: 'select 1' }, {}, { port }))).rejects.toMatchObject({
      problem: { code: 'database-silent' },
    });
    silent.close();
  });

  it('stop on the server when they are cancelled or take too long', async () => {
    const cancel = new AbortController();
    const acting = sql.act(
      context({ query: 'select pg_sleep(60) as a' }, { signal: cancel.signal }),
    );
    await until(async () => (await sleeping(server)) === '1');
    cancel.abort(new Error('cancelled'));
    await expect(acting).rejects.toThrow('cancelled');
    expect(await sleeping(server)).toBe('0');
    await expect(
      sql.act(context({ query: 'select pg_sleep(60)' }, { timeoutMs: 200 })),
    ).rejects.toMatchObject({ problem: { code: 'sql-timed-out' } });
  });

  it('go through a way that is opened and closed', async () => {
    let closed = 0;
    const open = async () => ({
      host: '127.0.0.1',
      port: server.connection.port,
      close: async () => {
        closed += 1;
      },
    });
    const change = { host: 'orders-db', port: 5432, open };
    await sql.act(context({ query: 'select 1' }, {}, change));
    await sql.act(context({ query: 'select 1/0' }, {}, change)).catch(() => undefined);
    expect(closed).toBe(2);
  });

  it('prove the identity of a server, and say when they may not', async () => {
    const { signal } = new AbortController();
    const own = await databaseIdentity(server.connection, signal);
    expect(own.system).toBe(await server.sql('select system_identifier from pg_control_system()'));
    expect(own).toMatchObject({ database: 'postgres', why: null });
    await server.sql('revoke execute on function pg_control_system() from public');
    const reader = { ...server.connection, user: 'reader', password: 'reader-password' };
    expect(await databaseIdentity(reader, signal)).toMatchObject({
      system: null,
      why: expect.stringContaining('pg_monitor'),
    });
  });

  it('prove the identity of a server whose database was destroyed', async () => {
    const { signal } = new AbortController();
    const gone = { ...server.connection, database: 'destroyed' };
    const { system } = await databaseIdentity(server.connection, signal);
    expect(await databaseIdentity(gone, signal)).toMatchObject({ system, database: 'destroyed' });
    await expect(databaseIdentity({ ...gone, password: 'wrong' }, signal)).rejects.toMatchObject({
      problem: { code: 'database-login-refused' },
    });
  });

  it('say when the server is killed in the middle of a query', async () => {
    const acting = sql.act(context({ query: 'select pg_sleep(60) as b' }));
    const refused = expect(acting).rejects.toMatchObject({
      problem: { code: 'database-connection-lost' },
    });
    await until(async () => (await sleeping(server)) === '1');
    await server.kill();
    await refused;
    await server.start();
    expect((await sql.act(context({ query: 'select 1 as one' }))).values.one).toBe(1);
  });
});

const sleeping = (server: TestServer): Promise<string> =>
  server.sql(
    "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
  );

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
