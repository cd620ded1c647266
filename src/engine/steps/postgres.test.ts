import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spec } from '../../core/actions/kind.ts';
import { serverPrograms, startServer, type TestServer } from '../databases/test/server.ts';
import { postgres } from './postgres.ts';
import { type TestContextOptions, testContext } from './test/context.ts';

const ROWS = 20_000;

describe.skipIf(serverPrograms() === null)('postgres steps', () => {
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    server = await startServer();
    folder = mkdtempSync(join(tmpdir(), 'muster-dumps-'));
    await server.sql('create role app login');
    await server.sql('create database orders owner app');
    await server.sql(
      "alter database orders set work_mem = '7MB'; revoke connect on database orders from public",
    );
    await server.sql(
      `create table orders (id int primary key, note text, amount numeric);
       insert into orders select i, 'order ' || i, i * 1.5 from generate_series(1, ${ROWS}) i;
       create schema audit; create table audit.log (at timestamptz default now());
       insert into audit.log select from generate_series(1, 5)`,
      'orders',
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const context = (body: Spec, options: TestContextOptions = {}) =>
    testContext(postgres, body, {
      target: { database: async () => ({ ...server.connection, database: 'orders' }) },
      cwd: folder,
      ...options,
    });
  const problemOf = (body: Spec): Promise<{ code: string; what: string; place?: unknown }> =>
    postgres.act(context(body)).then(
      () => {
        throw new Error('it succeeded');
      },
      (error) => error.problem,
    );
  const databases = async (like: string): Promise<string[]> =>
    (await server.sql(`select datname from pg_database where datname like '${like}'`))
      .split('\n')
      .filter((name) => name !== '');

  it.each(['whole.dump', 'whole.sql', 'whole.sql.gz'])(
    'dump to %s and restore it',
    async (file) => {
      const dumping = context({ dump: file, 'count-rows': true });
      const dumped = await postgres.act(dumping);
      expect(dumped.values).toMatchObject({
        rows: ROWS + 5,
        bytes: statSync(join(folder, file)).size,
      });
      expect(Date.parse(String(dumped.values['recovery-point']))).toBeLessThanOrEqual(Date.now());
      expect(readdirSync(dumping.dir)).toEqual([]);

      const restoring = context({
        restore: file,
        checks: [{ query: 'select sum(amount) as total from orders', expect: 'total > 1000' }],
      });
      const restored = await postgres.act(restoring);
      const name = String(restored.values.database);
      expect(restored.values).toMatchObject({ rows: ROWS + 5, sha256: dumped.values.sha256 });
      expect(await server.sql('select count(*) from orders', name)).toBe(String(ROWS));
      expect(restoring.shown.length).toBeGreaterThan(1);
      await postgres.undo?.(restoring, restored.before);
      expect(await databases('orders\\_restored%')).toEqual([]);
    },
  );

  it('leave no password in arguments or variables', async () => {
    const given = context({ dump: 'secret.dump' });
    const seen: string[] = [];
    const watch = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
          if (!command.includes('pg_dump') && !command.includes('pg_restore')) continue;
          seen.push(command, readFileSync(`/proc/${pid}/environ`, 'latin1'));
        } catch {
          // It ended in between.
        }
      }
    }, 5);
    await postgres.act(given);
    clearInterval(watch);
    expect(seen.join('')).toContain('PGPASSFILE');
    expect(seen.join('')).not.toContain('range-password');
  });

  it('keep a file that is there, and name files of a folder by time', async () => {
    writeFileSync(join(folder, 'mine.dump'), 'mine');
    expect(await problemOf({ dump: 'mine.dump' })).toMatchObject({ code: 'dump-exists' });
    expect(readFileSync(join(folder, 'mine.dump'), 'utf8')).toBe('mine');
    expect(await problemOf({ dump: 'mine.txt' })).toMatchObject({ code: 'dump-name' });
    const { values } = await postgres.act(context({ dump: 'daily/' }));
    expect(values.file).toMatch(/daily\/orders-\d{8}T\d{6}Z\.dump$/);
  });

  it('put the restored database in place while others use the old one, and take it back', async () => {
    await postgres.act(context({ dump: 'swap.dump', 'count-rows': true }));
    await server.sql("update orders set note = 'broken'", 'orders');
    const user = new pg.Client({ ...asClient(server), database: 'orders' });
    user.on('error', () => undefined);
    await user.connect();
    const given = context({ restore: 'swap.dump', swap: true });
    const done = await postgres.act(given);
    const kept = String(done.values.kept);
    expect(kept).toMatch(/^orders_before_\d{8}T\d{6}Z$/);
    expect(await server.sql('select note from orders where id = 1', 'orders')).toBe('order 1');
    expect(await server.sql('select note from orders where id = 1', kept)).toBe('broken');
    expect(await server.sql('show work_mem', 'orders')).toBe('7MB');
    expect(
      await server.sql(
        "select pg_get_userbyid(datdba), has_database_privilege('pg_monitor', oid, 'connect') from pg_database where datname = 'orders'",
      ),
    ).toBe('app|f');
    await expect(user.query('select 1')).rejects.toThrow();

    const undone = await postgres.undo?.(given, done.before);
    expect(undone?.summary).toContain(`${kept} is orders again`);
    expect(await server.sql('select note from orders where id = 1', 'orders')).toBe('broken');
    await server.sql("update orders set note = 'order ' || id", 'orders');
  });

  it('swap as a step of its own, also where the old database is gone', async () => {
    await postgres.act(context({ dump: 'gone.sql.gz', 'count-rows': true }));
    await server.sql('drop database orders');
    const restored = await postgres.act(context({ restore: 'gone.sql.gz' }));
    const done = await postgres.act(context({ swap: restored.values.database, into: 'orders' }));
    expect(done.values).toEqual({ database: 'orders', kept: '' });
    expect(await server.sql('select count(*) from orders', 'orders')).toBe(String(ROWS));
  });

  it('touch nothing when the dump was cut off', async () => {
    await postgres.act(context({ dump: 'cut.dump' }));
    await postgres.act(context({ dump: 'cut.sql.gz' }));
    await postgres.act(context({ dump: 'cut.sql' }));
    for (const file of ['cut.dump', 'cut.sql.gz', 'cut.sql']) {
      const path = join(folder, file);
      truncateSync(path, Math.floor(statSync(path).size * 0.9));
      rmSync(`${path}.manifest.json`);
      // The list at its front is whole: pg_restore --list alone would pass it.
      if (file === 'cut.dump') {
        execFileSync(join(serverPrograms() ?? '', 'pg_restore'), ['--list', path]);
      }
      expect(await problemOf({ restore: file, swap: true })).toMatchObject({
        code: 'dump-damaged',
      });
    }
    writeFileSync(join(folder, 'empty.dump'), '');
    expect(await problemOf({ restore: 'empty.dump' })).toMatchObject({ code: 'dump-damaged' });
    expect(await problemOf({ restore: 'none.dump' })).toMatchObject({ code: 'dump-unreadable' });
    expect(await databases('orders\\_restored%')).toEqual([]);
  });

  it('touch nothing when the dump is not that of its manifest', async () => {
    await postgres.act(context({ dump: 'other.sql' }));
    appendFileSync(join(folder, 'other.sql'), '\n');
    expect(await problemOf({ restore: 'other.sql' })).toMatchObject({
      code: 'dump-not-as-manifest',
    });
  });

  it('name the line of an error and remove what was begun', async () => {
    await postgres.act(context({ dump: 'wrong.sql.gz' }));
    const path = join(folder, 'wrong.sql.gz');
    const lines = gunzipSync(readFileSync(path)).toString().split('\n');
    lines[9_999] = 'no-number\tx\ty';
    writeFileSync(path, gzipSync(lines.join('\n')));
    rmSync(`${path}.manifest.json`);
    const problem = await problemOf({ restore: 'wrong.sql.gz', swap: true });
    expect(problem).toMatchObject({
      code: 'restore-failed',
      what: expect.stringContaining('no-number'),
      place: { line: 10_000 },
    });
    expect(await databases('orders\\_restored%')).toEqual([]);
  });

  it('refuse a dump that would make psql run a program', async () => {
    await postgres.act(context({ dump: 'evil.sql' }));
    const path = join(folder, 'evil.sql');
    const touched = join(folder, 'touched');
    writeFileSync(path, `\\! touch ${touched}\n${readFileSync(path, 'utf8')}`);
    rmSync(`${path}.manifest.json`);
    expect(await problemOf({ restore: 'evil.sql' })).toMatchObject({ code: 'dump-not-plain' });
    expect(existsSync(touched)).toBe(false);
  });

  it('keep the old database when rows are missing or a check does not hold', async () => {
    await postgres.act(context({ dump: 'few.dump', 'count-rows': true }));
    const manifest = join(folder, 'few.dump.manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(
      manifest,
      text.replace(`"public.orders": ${ROWS}`, `"public.orders": ${ROWS + 1}`),
    );
    expect(await problemOf({ restore: 'few.dump', swap: true })).toMatchObject({
      code: 'rows-not-as-manifest',
    });
    writeFileSync(manifest, text);
    const checks = [{ query: 'select count(*) from audit.log', expect: 'value == 6' }];
    expect(await problemOf({ restore: 'few.dump', swap: true, checks })).toMatchObject({
      code: 'sql-not-as-expected',
    });
    expect(await databases('orders\\_restored%')).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('say when the disk is full', async () => {
    const limited = execFileSync('mktemp', ['-d']).toString().trim();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', limited]);
    try {
      expect(await problemOf({ dump: join(limited, 'big.dump') })).toMatchObject({
        code: 'disk-full',
      });
      expect(readdirSync(limited)).toEqual([]);
    } finally {
      execFileSync('umount', [limited]);
    }
  });

  it('stop when they are cancelled', async () => {
    const cancel = new AbortController();
    const blocker = new pg.Client({ ...asClient(server), database: 'orders' });
    await blocker.connect();
    await blocker.query('begin; lock table orders in access exclusive mode');
    const acting = postgres.act(context({ dump: 'stopped.dump' }, { signal: cancel.signal }));
    await new Promise((resolve) => setTimeout(resolve, 700));
    cancel.abort(new Error('cancelled'));
    await expect(acting).rejects.toThrow('cancelled');
    await blocker.end();
    expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  it('keep a database well', async () => {
    const given = context({ sizes: 5 });
    expect((await postgres.act(given)).summary).toContain('largest table is public.orders');
    for (const body of [
      { vacuum: 'all' },
      { vacuum: ['orders'], full: true },
      { analyze: ['audit.log'] },
      { reindex: 'all' },
    ]) {
      expect((await postgres.act(context(body))).summary).toContain('is done');
    }
    expect(await problemOf({ analyze: ['no-such-table'] })).toMatchObject({ code: 'sql-failed' });
  });
});

function asClient({ connection }: TestServer): pg.ClientConfig {
  const { host, port, user, password } = connection;
  return { host, port, user, password: password ?? '' };
}
