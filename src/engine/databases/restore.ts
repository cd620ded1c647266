import { resolve } from 'node:path';
import { z } from 'zod';
import type { RestoreSpec } from '../../core/actions/kinds/postgres.ts';
import { MusterError } from '../../core/problem.ts';
import { identifier, literal } from '../../core/sql/fill-in.ts';
import { formatDuration } from '../../core/units.ts';
import type { Done, StepContext } from '../steps/structured.ts';
import { type CheckedDump, checkDump } from './check-dump.ts';
import { openClient } from './client.ts';
import { type ReachableConnection, reach } from './connection.ts';
import { withCredentials } from './credentials.ts';
import { countRows, totalRows } from './dump.ts';
import { loadDump } from './load.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { findProgram } from './programs.ts';
import { runSql, statementsOf } from './run-sql.ts';
import { compactTime, LONGEST_MS, serverMajor } from './server.ts';
import { openBeside, type Swapped, swapIn } from './swap.ts';

type RestoreContext = StepContext<RestoreSpec>;

/** What `undo` needs: the swap, or the database that was only restored. */
export const restoredSchema = z.union([
  z.object({ swapped: z.object({ database: z.string(), kept: z.string().nullable() }) }),
  z.object({ created: z.string() }),
]);
export type Restored = z.infer<typeof restoredSchema>;

/**
 * Restores a dump into a new database and proves it: the file whole, loaded without an error, the
 * rows those of the manifest, the step's own checks held. Only then, and only when asked, does it
 * take the place of the old one. Until then the old one is not touched; what fails removes the new.
 */
export async function restore(context: RestoreContext): Promise<Done> {
  const { spec, signal, target, step } = context;
  const connection = await target().database(spec.database);
  const database = spec.into ?? connection.database;
  const began = performance.now();
  return reach(connection, signal, async (reachable) => {
    const { dump, manifest, create } = await prepare(context, reachable, database);
    const created = await create();
    let rows = 0;
    try {
      await fill(context, reachable, created, dump);
      rows = await prove(context, reachable, created, manifest);
    } catch (error) {
      await remove(context, reachable, created);
      throw error;
    }
    const swapped = spec.swap ? await swap(context, reachable, created, database) : null;
    return done(step.title, swapped ?? { created }, {
      database: swapped?.swapped.database ?? created,
      sha256: dump.sha256,
      rows,
      took: performance.now() - began,
      manifest,
    });
  });
}

/** Everything that can be found out before anything is created. */
async function prepare(
  context: RestoreContext,
  connection: ReachableConnection,
  database: string,
): Promise<{ dump: CheckedDump; manifest: Manifest | null; create: () => Promise<string> }> {
  const { spec, signal, cwd, env, progress, log } = context;
  const file = resolve(cwd, spec.restore);
  const manifest = readManifest(file);
  const client = await openBeside(connection, signal, LONGEST_MS, log);
  try {
    const { major } = await serverMajor(client);
    const pgRestore = await findProgram('pg_restore', major, env.PATH);
    const dump = await checkDump(file, {
      pgRestore: pgRestore.path,
      cwd,
      env,
      signal,
      progress: (done, total) =>
        progress({ label: `Checking ${file}`, done, total, unit: 'bytes' }),
    });
    if (manifest) compareFile(file, dump, manifest);
    log(manifest ? `The manifest agrees: ${manifest.sha256}` : 'There is no manifest beside it.');
    const [old] = await client.ask(
      z.object({ encoding: z.string(), collate: z.string(), ctype: z.string() }),
      `select pg_encoding_to_char(encoding) as encoding, datcollate as collate, datctype as ctype
        from pg_database where datname = $1`,
      [database],
    );
    const name = `${database}_restored_${compactTime(new Date())}`;
    const like = old
      ? ` ENCODING ${literal(old.encoding)} LC_COLLATE ${literal(old.collate)} LC_CTYPE ${literal(old.ctype)}`
      : '';
    const create = async (): Promise<string> => {
      const creating = await openBeside(connection, signal, LONGEST_MS, log);
      try {
        await creating.run(`CREATE DATABASE ${identifier(name)} TEMPLATE template0${like}`, 0);
      } finally {
        await creating.close();
      }
      log(`Created ${name}`);
      return name;
    };
    return { dump, manifest, create };
  } finally {
    await client.close();
  }
}

function compareFile(file: string, dump: CheckedDump, manifest: Manifest): void {
  if (dump.size === manifest.size && dump.sha256 === manifest.sha256) return;
  throw new MusterError({
    code: 'dump-not-as-manifest',
    what: `The dump is not the one that its manifest describes: ${file}.`,
    safe: 'No database was touched.',
    next: 'Fetch both again, or take another backup.',
    detail: `Size ${dump.size}, the manifest says ${manifest.size}.\nSHA-256 ${dump.sha256}, the manifest says ${manifest.sha256}.`,
  });
}

async function fill(
  context: RestoreContext,
  connection: ReachableConnection,
  created: string,
  dump: CheckedDump,
): Promise<void> {
  const { signal, env, dir, log } = context;
  const into = { ...connection, database: created };
  const options = { signal, statementMs: LONGEST_MS, readOnly: false, onNotice: log };
  const client = await openClient(into, options);
  let major: number;
  try {
    ({ major } = await serverMajor(client));
  } finally {
    await client.close();
  }
  await withCredentials(into, dir, env, (childEnv) => loadDump(context, dump, major, childEnv));
}

/** The rows of all tables, once everything that was promised of the database holds. */
async function prove(
  { spec, signal, log, progress, evidence, step }: RestoreContext,
  connection: ReachableConnection,
  created: string,
  manifest: Manifest | null,
): Promise<number> {
  progress({ label: `Checking ${created}`, done: 0, total: null, unit: 'rows' });
  const into = { ...connection, database: created };
  const options = { signal, statementMs: step.timeoutMs ?? LONGEST_MS, readOnly: false };
  const client = await openClient(into, { ...options, onNotice: log });
  let counts: Record<string, number>;
  try {
    // A restored database has no statistics, and would be slow when it is needed most.
    await client.run('ANALYZE', 0);
    counts = await countRows(client, log);
  } finally {
    await client.close();
  }
  evidence({
    name: 'rows by table',
    mediaType: 'application/json',
    content: JSON.stringify(counts, null, 2),
  });
  if (manifest?.rows) compareRows(counts, manifest.rows);
  for (const { query, expect } of spec.checks) {
    const request = { write: 'no', show: 20, statementMs: options.statementMs } as const;
    await runSql(
      into,
      { ...request, statements: statementsOf(query, spec.values), expect },
      signal,
      log,
    );
  }
  return totalRows(counts);
}

function compareRows(
  counts: Readonly<Record<string, number>>,
  promised: Readonly<Record<string, number>>,
): void {
  const wrong = Object.entries(promised).filter(([table, rows]) => counts[table] !== rows);
  if (wrong.length === 0) return;
  throw new MusterError({
    code: 'rows-not-as-manifest',
    what: `${wrong.length} restored tables have not the rows that the manifest promises.`,
    safe: 'The old database was not touched.',
    next: 'Take another backup, and find out what happened to this one.',
    detail: wrong
      .map(([table, rows]) => `${table}: ${counts[table] ?? 'not there'}, promised ${rows}`)
      .join('\n'),
  });
}

async function swap(
  { signal, log }: RestoreContext,
  connection: ReachableConnection,
  created: string,
  database: string,
): Promise<{ swapped: Swapped }> {
  try {
    return { swapped: await swapIn(connection, created, database, signal, log) };
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const { problem } = error;
    throw new MusterError({
      ...problem,
      next: `${problem.next} The restored database is kept: ${created}.`,
    });
  }
}

/** Best effort: what is left is named in the log, and a name with a time is in nobody's way. */
async function remove(
  { log }: RestoreContext,
  connection: ReachableConnection,
  created: string,
): Promise<void> {
  const signal = AbortSignal.timeout(REMOVE_MS);
  try {
    await removeDatabase(connection, created, signal);
    log(`Removed ${created}; the old database was not touched.`);
  } catch {
    log(`${created} could not be removed; the old database was not touched.`);
  }
}

const REMOVE_MS = 60_000;

/** Drops a database that a restore of ours made. */
export async function removeDatabase(
  connection: ReachableConnection,
  created: string,
  signal: AbortSignal,
): Promise<void> {
  const client = await openBeside(connection, signal, REMOVE_MS);
  try {
    const { major } = await serverMajor(client);
    const force = major >= 13 ? ' WITH (FORCE)' : '';
    await client.run(`DROP DATABASE IF EXISTS ${identifier(created)}${force}`, 0);
  } finally {
    await client.close();
  }
}

function done(
  title: string,
  before: Restored,
  result: {
    database: string;
    sha256: string;
    rows: number;
    took: number;
    manifest: Manifest | null;
  },
): Done {
  const { database, sha256, rows, took, manifest } = result;
  const kept = 'swapped' in before ? before.swapped.kept : null;
  const where =
    'swapped' in before
      ? `It is in place as ${database}${kept === null ? '' : `; the old one is kept as ${kept}`}.`
      : `It waits as ${database}.`;
  return {
    summary: `"${title}" restored ${rows} rows in ${formatDuration(took)} and checked them. ${where}`,
    values: {
      database,
      sha256,
      rows,
      kept: kept ?? '',
      ...(manifest === null ? {} : { 'recovery-point': manifest.recoveryPoint }),
    },
    before,
  };
}
