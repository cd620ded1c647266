import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { DumpSpec } from '../../core/actions/kinds/postgres.ts';
import { MusterError, type Problem } from '../../core/problem.ts';
import { identifier } from '../../core/sql/fill-in.ts';
import { formatBytes, formatDuration } from '../../core/units.ts';
import type { Done, StepContext } from '../steps/structured.ts';
import { checkDump } from './check-dump.ts';
import { runChild } from './child.ts';
import { type DatabaseClient, openClient } from './client.ts';
import { type ReachableConnection, reach } from './connection.ts';
import { withCredentials } from './credentials.ts';
import { type Manifest, manifestFile, readManifest, writeManifest } from './manifest.ts';
import { findProgram, type Program } from './programs.ts';
import { compactTime, LONGEST_MS, serverMajor } from './server.ts';

/** How long a table may be locked by others before the dump gives up, in ms. */
const LOCK_WAIT_MS = 60_000;
/** How often the size of the file is looked at, in ms. */
const LOOK_MS = 500;

type DumpContext = StepContext<DumpSpec>;

/** Where a dump goes, by the spec's path; a folder gives it a name with the time. */
export function dumpFile(spec: DumpSpec, cwd: string, database: string, now: Date): string {
  const path = resolve(cwd, spec.dump);
  const isFolder = /[/\\]$/.test(spec.dump);
  return isFolder ? resolve(path, `${database}-${compactTime(now)}.dump`) : path;
}

/** Why a dump to this file would fail now, or null. */
export function dumpRefusal(spec: DumpSpec, file: string): Problem | null {
  const safe = 'Nothing was written.';
  if (!/\.(dump|sql|sql\.gz)$/.test(file)) {
    return {
      code: 'dump-name',
      what: `The name of the dump does not say its format: ${file}.`,
      safe,
      next: 'End it with .dump for the custom format, or with .sql or .sql.gz.',
    };
  }
  if (!spec.replace && existsSync(file)) {
    return {
      code: 'dump-exists',
      what: `There is a file already: ${file}.`,
      safe: 'It was left as it is.',
      next: 'Choose another name, or write `replace: true`.',
    };
  }
  return null;
}

/**
 * Dumps the database to a file that gets its name only once it has been read to its end. The rows
 * are counted, and the moment of the data taken, in the dump's own snapshot.
 */
export async function dump(context: DumpContext): Promise<Done> {
  const { spec, signal, target } = context;
  const connection = await target().database(spec.database);
  const file = dumpFile(spec, context.cwd, connection.database, new Date());
  const earlier = existsSync(file) ? readManifest(file) : null;
  if (earlier?.madeBy === maker(context)) return doneWith(file, earlier, 0);
  const refusal = dumpRefusal(spec, file);
  if (refusal) throw new MusterError(refusal);
  const began = performance.now();
  const manifest = await reach(connection, signal, async (reachable) => {
    const options = { signal, statementMs: context.step.timeoutMs ?? LONGEST_MS, readOnly: true };
    const client = await openClient(reachable, { ...options, onNotice: context.log });
    try {
      return await dumpSnapshot(context, reachable, client, file);
    } finally {
      await client.close();
    }
  });
  return doneWith(file, manifest, performance.now() - began);
}

async function dumpSnapshot(
  context: DumpContext,
  connection: ReachableConnection,
  client: DatabaseClient,
  file: string,
): Promise<Manifest> {
  const { spec, env, dir, log, cwd, signal, progress } = context;
  const server = await serverMajor(client);
  const program = await findProgram('pg_dump', server.major, env.PATH);
  const pgRestore = await findProgram('pg_restore', server.major, env.PATH);
  await client.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 0);
  await client.run('SET LOCAL idle_in_transaction_session_timeout = 0', 0);
  const [snapshot] = await client.ask(
    z.object({ id: z.string(), at: z.string() }),
    'select pg_export_snapshot() as id, statement_timestamp() as at',
  );
  if (snapshot === undefined) throw new Error('pg_export_snapshot() gave no row');
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial-${context.run}-${context.attempt}`;
  try {
    await withCredentials(connection, dir, env, (childEnv) =>
      write(context, program, childEnv, snapshot.id, partial, file),
    );
    const rows = spec['count-rows'] ? await countRows(client, log) : null;
    const label = `Checking ${file}`;
    const checked = await checkDump(partial, {
      pgRestore: pgRestore.path,
      cwd,
      env,
      signal,
      progress: (done, total) => progress({ label, done, total, unit: 'bytes' }),
    });
    const manifest: Manifest = {
      manifest: 1,
      database: connection.database,
      format: checked.format === 'custom' ? 'custom' : 'plain',
      size: checked.size,
      sha256: checked.sha256,
      recoveryPoint: new Date(snapshot.at).toISOString(),
      serverVersion: server.version,
      dumpedBy: `pg_dump ${program.version}`,
      rows,
      madeBy: maker(context),
    };
    writeManifest(file, manifest);
    renameSync(partial, file);
    context.evidence({
      name: 'manifest',
      mediaType: 'application/json',
      content: JSON.stringify(manifest, null, 2),
    });
    return manifest;
  } finally {
    rmSync(partial, { force: true });
  }
}

async function write(
  { spec, cwd, signal, log, progress, step }: DumpContext,
  program: Program,
  env: Record<string, string>,
  snapshot: string,
  partial: string,
  file: string,
): Promise<void> {
  const format = file.endsWith('.dump') ? 'custom' : 'plain';
  const look = setInterval(() => {
    const done = statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
    progress({ label: `Dumping to ${file}`, done, total: null, unit: 'bytes' });
  }, LOOK_MS);
  try {
    const { exitCode, lines } = await runChild({
      file: program.path,
      args: [
        '--no-password',
        '--verbose',
        `--format=${format}`,
        ...(file.endsWith('.gz') ? ['--compress=6'] : []),
        `--snapshot=${snapshot}`,
        `--lock-wait-timeout=${LOCK_WAIT_MS}`,
        `--file=${partial}`,
        ...(spec.tables ?? []).map((table) => `--table=${table}`),
      ],
      cwd,
      env,
      signal,
      onLine: (line) => {
        if (/dumping contents|error:|warning:/.test(line)) log(line);
      },
    });
    if (exitCode !== 0) throw new MusterError(dumpFailed(step.title, lines));
  } finally {
    clearInterval(look);
  }
}

function dumpFailed(title: string, lines: readonly string[]): Problem {
  const detail = lines.slice(-20).join('\n');
  const safe = 'The database is unchanged, and the unfinished file was removed.';
  if (detail.includes('No space left on device')) {
    return {
      code: 'disk-full',
      what: `"${title}" found no space left for the dump.`,
      safe,
      next: 'Free space or choose another folder, then retry.',
      detail,
    };
  }
  const why = lines.find((line) => line.includes('error:'))?.replace(/^.*?error: /, '');
  return {
    code: 'dump-failed',
    what: `pg_dump failed: ${why ?? 'it ended without a word'}.`,
    safe,
    next: 'Mend the cause that it names, then retry.',
    detail,
  };
}

const tableSchema = z.object({ schema: z.string(), name: z.string() });

/** The ordinary tables of people's schemas; of a partitioned table its partitions. */
export const ordinaryTables = `select n.nspname as schema, c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  order by 1, 2`;

/** Rows by table, `schema.table`. */
export async function countRows(
  client: DatabaseClient,
  log: (line: string) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { schema, name } of await client.ask(tableSchema, ordinaryTables)) {
    const [row] = await client.ask(
      z.object({ rows: z.coerce.number() }),
      `select count(*) as rows from ${identifier(schema)}.${identifier(name)}`,
    );
    counts[`${schema}.${name}`] = row?.rows ?? 0;
    log(`${schema}.${name}: ${row?.rows ?? 0} rows`);
  }
  return counts;
}

export function totalRows(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

function maker({ run, step }: DumpContext): string {
  return `${run}/${step.id}`;
}

function doneWith(file: string, manifest: Manifest, ms: number): Done {
  const { size, sha256, recoveryPoint, rows } = manifest;
  return {
    summary: `Dumped ${manifest.database} to ${file}: ${formatBytes(size)} in ${formatDuration(ms)}, read to its end, data of ${recoveryPoint}.`,
    values: {
      file,
      manifest: manifestFile(file),
      bytes: size,
      sha256,
      'recovery-point': recoveryPoint,
      ...(rows === null ? {} : { rows: totalRows(rows) }),
    },
  };
}
