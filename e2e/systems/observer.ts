import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What looks at a database from outside: psql, which knows nothing of Muster. */

const run = promisify(execFile);
const PSQL_MS = 300_000;

export interface Login {
  /** `10.199.0.2:31234` */
  address: string;
  user: string;
  password: string;
}

function environment({ address, user, password }: Login): NodeJS.ProcessEnv {
  const [host, port] = address.split(':');
  return {
    PATH: process.env.PATH,
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGPASSWORD: password,
    PGCONNECT_TIMEOUT: '5',
  };
}

/** Runs statements; returns what the last one gave, unaligned. */
export async function psql(login: Login, database: string, text: string): Promise<string> {
  const args = ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', text];
  const { stdout } = await run('psql', args, { env: environment(login), timeout: PSQL_MS });
  return stdout.trim();
}

/** Writes a dump of one database to a file, packed where its name ends in `.gz`. */
export async function pgDump(login: Login, database: string, file: string): Promise<void> {
  const plain = file.endsWith('.sql.gz');
  const args = [...(plain ? ['-Z', '6'] : ['-Fc']), '-d', database, '-f', file];
  await run('pg_dump', args, { env: environment(login), timeout: PSQL_MS });
}

/** Rows of each table up to a moment, and a checksum of all that they hold: `table rows md5`. */
export async function contents(
  login: Login,
  database: string,
  tables: readonly string[],
  until: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const text = `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t.id)), '-')
      from ${table} t where t.made <= '${until}'`;
    found.push(`${table} ${await psql(login, database, text)}`);
  }
  return found;
}
