import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DatabaseConnection } from '../connection.ts';

const run = promisify(execFile);

/** For tests: a PostgreSQL server of their own on loopback, with a password. */
export interface TestServer {
  connection: DatabaseConnection;
  /** The server's first process. */
  pid: number;
  /** Runs statements as the superuser. */
  sql(text: string, database?: string): Promise<string>;
  /** Starts the server again after it was ended. */
  start(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder with the server's programs, or null where PostgreSQL is not installed. */
export function serverPrograms(): string | null {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return null;
  const newest = readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .find((version) => existsSync(join(root, version, 'bin', 'initdb')));
  return newest === undefined ? null : join(root, newest, 'bin');
}

/** `settings`: lines for postgresql.conf. */
export async function startServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const programs = serverPrograms();
  if (programs === null) throw new Error('PostgreSQL is not installed');
  const root = mkdtempSync(join(tmpdir(), 'muster-postgres-'));
  const data = join(root, 'data');
  const passwordFile = join(root, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, 'range-password\n');
  const owner = await serverUser();
  if (owner) for (const path of [root, data, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const as = owner ?? {};
  await run(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'muster',
      '-A',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '-N',
      '-E',
      'UTF8',
      '--locale=C',
    ],
    { ...as, cwd: root },
  );
  const port = await freePort();
  const config = {
    listen_addresses: "'127.0.0.1'",
    port: String(port),
    unix_socket_directories: `'${root}'`,
    fsync: 'off',
    ...settings,
  };
  const lines = Object.entries(config).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  let child: ChildProcess | null = null;
  const connection: DatabaseConnection = {
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'muster',
    password: 'range-password',
    sslmode: 'disable',
    sslRootCert: null,
  };
  const sql = async (text: string, database = 'postgres'): Promise<string> => {
    const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text];
    const { stdout } = await run(join(programs, 'psql'), args, {
      env: {
        PATH: process.env.PATH,
        PGHOST: connection.host,
        PGPORT: String(port),
        PGUSER: connection.user,
        PGPASSWORD: connection.password ?? '',
        PGDATABASE: database,
        PGCONNECT_TIMEOUT: '5',
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  const server: TestServer = {
    connection,
    get pid() {
      return child?.pid ?? 0;
    },
    sql,
    async start() {
      child = spawn(join(programs, 'postgres'), ['-D', data], {
        ...as,
        cwd: root,
        stdio: 'ignore',
      });
      for (let tries = 0; ; tries += 1) {
        try {
          await sql('select 1');
          return;
        } catch (error) {
          if (tries > 100) throw error;
          await pause(100);
        }
      }
    },
    kill: () => end('SIGKILL'),
    async stop() {
      // SIGINT: fast shutdown, which ends sessions first.
      await end('SIGINT');
      rmSync(root, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** PostgreSQL refuses to run as root; its package made a user for it. */
async function serverUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string): Promise<number> =>
    Number((await run('id', [flag, 'postgres'])).stdout.trim());
  return { uid: await id('-u'), gid: await id('-g') };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
