import { z } from 'zod';
import type { UpkeepSpec } from '../../core/actions/kinds/postgres.ts';
import { identifier } from '../../core/sql/fill-in.ts';
import { tableLines } from '../../core/sql/table.ts';
import { formatBytes } from '../../core/units.ts';
import type { Done, StepContext } from '../steps/structured.ts';
import { type DatabaseClient, openClient } from './client.ts';
import { reach } from './connection.ts';
import { ordinaryTables } from './dump.ts';
import { LONGEST_MS } from './server.ts';

/** VACUUM, ANALYZE, REINDEX and sizes, table by table, so that progress and cancel are exact. */
export async function upkeep(context: StepContext<UpkeepSpec>): Promise<Done> {
  const { spec, signal, step, log, target } = context;
  const connection = await target().database(spec.database);
  return reach(connection, signal, async (reachable) => {
    const readOnly = 'sizes' in spec;
    const options = { signal, statementMs: step.timeoutMs ?? LONGEST_MS, readOnly, onNotice: log };
    const client = await openClient(reachable, options);
    try {
      if ('sizes' in spec) return await sizes(context, client, spec.sizes);
      return await eachTable(context, client);
    } finally {
      await client.close();
    }
  });
}

async function eachTable(
  { spec, log, progress }: StepContext<UpkeepSpec>,
  client: DatabaseClient,
): Promise<Done> {
  const [command, wanted] = commandOf(spec);
  const tables = await namesOf(client, wanted);
  for (const [done, table] of tables.entries()) {
    progress({ label: `${command} ${table}`, done, total: tables.length, unit: 'objects' });
    log(`> ${command} ${table}`);
    await client.run(`${command} ${table}`, 0);
  }
  return { summary: `${command} of ${tables.length} tables is done.`, values: {} };
}

function commandOf(spec: UpkeepSpec): [string, 'all' | readonly string[]] {
  if ('vacuum' in spec) {
    return [spec.full ? 'VACUUM (FULL, ANALYZE)' : 'VACUUM (ANALYZE)', spec.vacuum];
  }
  if ('reindex' in spec) return ['REINDEX TABLE CONCURRENTLY', spec.reindex];
  return ['ANALYZE', 'analyze' in spec ? spec.analyze : 'all'];
}

/** The tables as SQL writes them. A name that is none is PostgreSQL's to refuse. */
async function namesOf(
  client: DatabaseClient,
  wanted: 'all' | readonly string[],
): Promise<string[]> {
  if (wanted !== 'all') {
    return wanted.map((name) => name.split('.').map(identifier).join('.'));
  }
  const schema = z.object({ schema: z.string(), name: z.string() });
  const rows = await client.ask(schema, ordinaryTables);
  return rows.map(({ schema, name }) => `${identifier(schema)}.${identifier(name)}`);
}

async function sizes(
  { log, evidence }: StepContext<UpkeepSpec>,
  client: DatabaseClient,
  most: number,
): Promise<Done> {
  const [database] = await client.ask(
    z.object({ name: z.string(), bytes: z.coerce.number() }),
    'select current_database() as name, pg_database_size(current_database()) as bytes',
  );
  const bytes = database?.bytes ?? 0;
  const rows = await client.ask(
    z.object({
      table: z.string(),
      total: z.coerce.number(),
      data: z.coerce.number(),
      indexes: z.coerce.number(),
      dead: z.coerce.number().nullable(),
    }),
    `select n.nspname || '.' || c.relname as table, pg_total_relation_size(c.oid) as total,
        pg_table_size(c.oid) as data, pg_indexes_size(c.oid) as indexes, s.n_dead_tup as dead
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_stat_all_tables s on s.relid = c.oid
      where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      order by 2 desc limit $1`,
    [most],
  );
  const shown = rows.map(({ table, total, data, indexes, dead }) => [
    table,
    formatBytes(total),
    formatBytes(data),
    formatBytes(indexes),
    dead ?? 0,
  ]);
  for (const line of tableLines(['table', 'total', 'data', 'indexes', 'dead rows'], shown))
    log(line);
  evidence({
    name: 'sizes',
    mediaType: 'application/json',
    content: JSON.stringify({ bytes, tables: rows }, null, 2),
  });
  return {
    summary: `${database?.name} has ${formatBytes(bytes)}; its largest table is ${rows[0]?.table ?? 'none'}.`,
    values: { bytes },
  };
}
