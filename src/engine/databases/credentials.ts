import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReachableConnection } from './connection.ts';

const CONNECT_S = 10;

/**
 * Gives a child program what it needs to log in: variables that name the server, and a password
 * file that only this user may read and that is gone when `use` has ended. No password is in an
 * argument or in the environment, and no variable of the operator's can lead to another server.
 */
export async function withCredentials<T>(
  connection: ReachableConnection,
  dir: string,
  env: Readonly<Record<string, string>>,
  use: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const file = join(dir, 'pgpass');
  const { name, host, port, database, user, password, sslmode, sslRootCert } = connection;
  const kept = Object.entries(env).filter(([variable]) => !variable.startsWith('PG'));
  const variables: Record<string, string> = {
    ...Object.fromEntries(kept),
    // The name is what a certificate must say; where it leads is said apart.
    PGHOST: name,
    ...(host === name ? {} : { PGHOSTADDR: host }),
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    PGSSLMODE: sslmode,
    ...(sslRootCert === null ? {} : { PGSSLROOTCERT: sslRootCert }),
    PGPASSFILE: file,
    PGCONNECT_TIMEOUT: String(CONNECT_S),
    PGAPPNAME: 'muster',
    PGCLIENTENCODING: 'UTF8',
    PGTZ: 'UTC',
    // What the programs say is read for errors, so they must not translate it.
    LC_MESSAGES: 'C',
  };
  const line = `*:*:*:${escaped(user)}:${escaped(password ?? '')}\n`;
  writeFileSync(file, line, { mode: 0o600 });
  try {
    return await use(variables);
  } finally {
    rmSync(file, { force: true });
  }
}

function escaped(field: string): string {
  return field.replace(/[\\:]/g, '\\$&');
}
