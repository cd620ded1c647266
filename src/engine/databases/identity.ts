import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import { openClient } from './client.ts';
import { type DatabaseConnection, reach } from './connection.ts';

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
 * Asks the server who it is. The system identifier needs the role `pg_monitor` or superuser, or a
 * grant on `pg_control_system()`. Rejects with MusterError where there is no answer.
 */
export async function databaseIdentity(
  connection: DatabaseConnection,
  signal: AbortSignal,
): Promise<DatabaseIdentity> {
  return reach(connection, signal, async (reachable) => {
    const options = { signal, statementMs: STATEMENT_MS, readOnly: true };
    const client = await openClient(reachable, options);
    try {
      const [row] = await client.ask(
        z.object({ database: z.string(), version: z.string() }),
        "select current_database() as database, split_part(current_setting('server_version'), ' ', 1) as version",
      );
      if (row === undefined) throw new Error('current_database() gave no row');
      const known = await systemIdentifier(client);
      return { ...row, ...known };
    } finally {
      await client.close();
    }
  });
}

async function systemIdentifier(
  client: Awaited<ReturnType<typeof openClient>>,
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
