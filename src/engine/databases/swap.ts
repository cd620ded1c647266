import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import { identifier } from '../../core/sql/fill-in.ts';
import { type DatabaseClient, openClient } from './client.ts';
import type { ReachableConnection } from './connection.ts';
import { compactTime } from './server.ts';

/** A rename waits up to 5 s for sessions to end, on the server; then it fails. */
const RENAME_MS = 30_000;
/** How often sessions of the old database are ended while the rename waits, in ms. */
const END_MS = 100;

/** What a swap did, as `undo` needs it. */
export const swappedSchema = z.object({
  /** The name that both databases have had. */
  database: z.string(),
  /** The name of the old one now; null where there was none. */
  kept: z.string().nullable(),
});
export type Swapped = z.infer<typeof swappedSchema>;

/** Opens a session from which databases can be created and renamed. */
export function openBeside(
  connection: ReachableConnection,
  signal: AbortSignal,
  statementMs: number,
  onNotice?: (line: string) => void,
): Promise<DatabaseClient> {
  const options = { signal, statementMs, readOnly: false, ...(onNotice ? { onNotice } : {}) };
  return openClient({ ...connection, database: 'postgres' }, options);
}

export async function databaseExists(client: DatabaseClient, name: string): Promise<boolean> {
  const text = 'select 1 as one from pg_database where datname = $1';
  return (await client.ask(z.object({ one: z.number() }), text, [name])).length > 0;
}

/**
 * Gives `restored` the name `database` and keeps what had that name as `NAME_before_<time>`, in one
 * transaction: there is no moment without the one or the other. Sessions of the old database are
 * ended while its rename already holds the lock that keeps new ones out.
 */
export async function swapIn(
  connection: ReachableConnection,
  restored: string,
  database: string,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Swapped> {
  const client = await openBeside(connection, signal, RENAME_MS, log);
  try {
    const isThere = await databaseExists(client, database);
    const kept = isThere ? `${database}_before_${compactTime(new Date())}` : null;
    if (kept !== null) await copySettings(client, database, restored);
    await renameAll(connection, client, signal, [
      ...(kept === null ? [] : [{ from: database, to: kept }]),
      { from: restored, to: database },
    ]);
    log(kept === null ? `${restored} is now ${database}` : `${database} is kept as ${kept}`);
    return { database, kept };
  } finally {
    await client.close();
  }
}

/** Takes a swap back; the database that was swapped in is kept as `NAME_undone_<time>`. */
export async function swapBack(
  connection: ReachableConnection,
  { database, kept }: Swapped,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<string> {
  const client = await openBeside(connection, signal, RENAME_MS, log);
  try {
    if (kept !== null && !(await databaseExists(client, kept))) {
      throw new MusterError({
        code: 'database-missing',
        what: `The old database is not there any more: ${kept}.`,
        safe: `${database} was left as it is.`,
        next: 'Restore it from a backup if it is needed.',
      });
    }
    const aside = `${database}_undone_${compactTime(new Date())}`;
    await renameAll(connection, client, signal, [
      { from: database, to: aside },
      ...(kept === null ? [] : [{ from: kept, to: database }]),
    ]);
    return aside;
  } finally {
    await client.close();
  }
}

async function renameAll(
  connection: ReachableConnection,
  client: DatabaseClient,
  signal: AbortSignal,
  renames: readonly { from: string; to: string }[],
): Promise<void> {
  const ending = await openBeside(connection, signal, RENAME_MS);
  try {
    await client.run('BEGIN', 0);
    for (const { from, to } of renames) {
      const renaming = client.run(
        `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)}`,
        0,
      );
      await endSessionsUntil(ending, from, renaming);
    }
    await client.run('COMMIT', 0);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const inUse = error.problem.detail?.includes('is being accessed by other users') === true;
    throw new MusterError({
      ...error.problem,
      ...(inUse
        ? {
            code: 'database-in-use',
            what: 'The databases cannot be swapped: sessions that the role may not end still use them.',
          }
        : {}),
      safe: 'No database was renamed. The old one is in its place.',
      next: inUse ? 'Stop the applications and tools that use it, then retry.' : error.problem.next,
    });
  } finally {
    await ending.close();
  }
}

/** The rename waits for the sessions to end; new ones wait for the rename. */
async function endSessionsUntil(
  client: DatabaseClient,
  database: string,
  renaming: Promise<unknown>,
): Promise<void> {
  const state = { ended: false };
  const outcome = renaming.finally(() => {
    state.ended = true;
  });
  // Handled below; a rename that fails while sessions are ended must not count as unhandled.
  outcome.catch(() => undefined);
  while (!state.ended) {
    try {
      await client.run(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = $1 and pid <> pg_backend_pid()`,
        0,
        [database],
      );
    } catch {
      // The role may not end some session; the rename says that it is there.
    }
    await new Promise((resolve) => setTimeout(resolve, END_MS));
  }
  await outcome;
}

/** What a dump of one database does not hold: its owner, its grants and its settings. */
async function copySettings(client: DatabaseClient, from: string, to: string): Promise<void> {
  const [row] = await client.ask(
    z.object({ owner: z.string(), own: z.string() }),
    `select pg_get_userbyid(o.datdba) as owner, pg_get_userbyid(n.datdba) as own
      from pg_database o, pg_database n where o.datname = $1 and n.datname = $2`,
    [from, to],
  );
  if (row === undefined) return;
  const name = identifier(to);
  if (row.owner !== row.own) {
    await client.run(`ALTER DATABASE ${name} OWNER TO ${identifier(row.owner)}`, 0);
  }
  const statements = await client.ask(
    z.object({ text: z.string() }),
    `select format('ALTER %s SET %I TO %s',
        case when s.setrole = 0 then format('DATABASE %I', $2::text)
          else format('ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), $2::text) end,
        split_part(c.entry, '=', 1),
        case when split_part(c.entry, '=', 1) in ('search_path', 'temp_tablespaces',
            'session_preload_libraries', 'local_preload_libraries')
          then substr(c.entry, strpos(c.entry, '=') + 1)
          else quote_literal(substr(c.entry, strpos(c.entry, '=') + 1)) end) as text
      from pg_db_role_setting s
      join pg_database d on d.oid = s.setdatabase and d.datname = $1
      cross join unnest(s.setconfig) as c(entry)
    union all
    select format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text)
      from pg_database where datname = $1 and datacl is not null
    union all
    select format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, $2::text,
        case when a.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(a.grantee)) end,
        case when a.is_grantable and a.grantee <> 0 then ' WITH GRANT OPTION' else '' end)
      from pg_database d cross join aclexplode(d.datacl) a where d.datname = $1`,
    [from, to],
  );
  for (const { text } of statements) await client.run(text, 0);
}
