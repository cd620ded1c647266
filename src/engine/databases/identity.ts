import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import { type DatabaseClient, openClient } from './client.ts';
import { type DatabaseConnection, type ReachableConnection, reach } from './connection.ts';

const STATEMENT_MS = 10_000;

/** What tells one database from every other, however it is named or reached. */
export interface DatabaseIdentity {
  /**
   * PostgreSQL's system identifier, made when the server's data folder was: replicas and physical
   * copies share it. Null where the role may not read it.
   */
  system: string | null;
  database: string;
  /** The server's version, such as `15.14`. */
  version: string;
  /** Why there is no system identifier, or null. */
  why: string | null;
}

/**
 * Asks the server who it is, also where the database itself is gone: a restore begins there. The system identifier needs the role `pg_monitor` or superuser, or a
 * grant on `pg_control_system()`. Rejects with MusterError where there is no answer.
 */
export async function databaseIdentity(
  connection: DatabaseConnection,
  signal: AbortSignal,
): Promise<DatabaseIdentity> {
  return reach(connection, signal, async (reachable) => {
    const client = await openAny(reachable, signal);
    try {
      const [row] = await client.ask(
        z.object({ version: z.string() }),
        "select split_part(current_setting('server_version'), ' ', 1) as version",
      );
      if (row === undefined) throw new Error('current_setting() gave no row');
      const known = await systemIdentifier(client);
      return { database: connection.database, ...row, ...known };
    } finally {
      await client.close();
    }
  });
}

/** A session in the database, or beside it where it was destroyed: the server is the same. */
async function openAny(
  connection: ReachableConnection,
  signal: AbortSignal,
): Promise<DatabaseClient> {
  const options = { signal, statementMs: STATEMENT_MS, readOnly: true };
  try {
    return await openClient(connection, options);
  } catch (error) {
    if (!(error instanceof MusterError) || error.problem.code !== 'database-missing') throw error;
    return openClient({ ...connection, database: 'postgres' }, options);
  }
}

async function systemIdentifier(
  client: DatabaseClient,
): Promise<Pick<DatabaseIdentity, 'system' | 'why'>> {
  try {
    const [row] = await client.ask(
      z.object({ system: z.string() }),
      'select system_identifier::text as system from pg_control_system()',
    );
    return { system: row?.system ?? null, why: null };
  } catch (error) {
    if (!(error instanceof MusterError) || error.problem.code !== 'sql-failed') throw error;
    return {
      system: null,
      why: 'The role may not read it: grant it pg_monitor, or execute on pg_control_system().',
    };
  }
}
