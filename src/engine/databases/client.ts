import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Client, Query } from 'pg';
import { z } from 'zod';
import { MusterError } from '../../core/problem.ts';
import type { Cell } from '../../core/sql/table.ts';
import { parseCell } from './cells.ts';
import type { ReachableConnection } from './connection.ts';
import {
  certificateUnreadable,
  databaseSilent,
  notConnected,
  statementFailed,
} from './failures.ts';

/** How long a connection may take to be ready, in ms, all of TLS and login included. */
const CONNECT_MS = 10_000;
/** What the server has on top of the statement's own limit to say that it stopped, in ms. */
const GRACE_MS = 5_000;
/** How long a cancelled statement has to end before the connection is cut, in ms. */
const CANCEL_MS = 3_000;

export interface ClientOptions {
  signal: AbortSignal;
  /** The longest that one statement may take, in ms; the server itself ends it then. */
  statementMs: number;
  /** Every transaction of the session is read-only. */
  readOnly: boolean;
  /** What the server remarks: notices and warnings, one line each. */
  onNotice?: (line: string) => void;
}

/** What one statement gave. */
export interface StatementResult {
  /** As PostgreSQL names it: `SELECT`, `UPDATE`. */
  command: string;
  columns: string[];
  /** The first rows, as many as were asked for. */
  rows: Cell[][];
  /** All the rows that there were. */
  count: number;
  /** Rows changed; null for a statement that changes none. */
  changed: number | null;
}

/** One session with a PostgreSQL server. */
export interface DatabaseClient {
  /** The session's process on the server. */
  pid: number;
  /**
   * Runs exactly one statement and keeps its first `keep` rows. Rejects with MusterError, or with
   * the signal's reason once the server has stopped it.
   */
  run(text: string, keep: number, values?: readonly unknown[]): Promise<StatementResult>;
  /** The rows of a query of ours, each parsed. */
  ask<T>(schema: z.ZodType<T>, text: string, values?: readonly unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** Opens a session. Rejects with MusterError, or with the signal's reason. */
export async function openClient(
  connection: ReachableConnection,
  options: ClientOptions,
): Promise<DatabaseClient> {
  options.signal.throwIfAborted();
  // The driver is loaded where a step needs it, not when the app starts.
  const pg = await import('pg');
  const { client, closed } = await connect(pg.default.Client, connection, options);
  return new Session(client, closed, pg.default.Query, connection, options);
}

class Session implements DatabaseClient {
  readonly pid: number;
  readonly #client: Client;
  readonly #closed: { why: Error | null };
  readonly #query: typeof Query;
  readonly #connection: ReachableConnection;
  readonly #options: ClientOptions;

  constructor(
    client: Client,
    closed: { why: Error | null },
    query: typeof Query,
    connection: ReachableConnection,
    options: ClientOptions,
  ) {
    this.#client = client;
    this.#closed = closed;
    this.#query = query;
    this.#connection = connection;
    this.#options = options;
    this.pid = z.object({ processID: z.number() }).parse(client).processID;
  }

  async run(text: string, keep: number, values: readonly unknown[] = []): Promise<StatementResult> {
    const { signal, statementMs } = this.#options;
    signal.throwIfAborted();
    if (this.#closed.why) throw new MusterError(statementFailed(this.#closed.why, text));
    const rows: Cell[][] = [];
    let count = 0;
    // The extended protocol takes one statement alone, so nothing can hide behind a semicolon.
    const config = { text, values: [...values], rowMode: 'array', queryMode: 'extended' };
    const query = new this.#query<Cell[]>({ ...config, types: { getTypeParser: parseCell } });
    query.on('row', (row: Cell[]) => {
      count += 1;
      if (count <= keep) rows.push(row);
    });
    let silent: MusterError | null = null;
    const cut = (): void => {
      this.#client.connection.stream.destroy();
    };
    const limit = setTimeout(() => {
      silent = new MusterError(databaseSilent(this.#connection, statementMs));
      cut();
    }, statementMs + GRACE_MS);
    let forced: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      forced = setTimeout(cut, CANCEL_MS);
      void this.#cancelOnServer();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const ended = new Promise<z.output<typeof endSchema>>((resolve, reject) => {
        query.once('end', (result: unknown) => resolve(endSchema.parse(result)));
        query.once('error', reject);
      });
      this.#client.query(query);
      const { command, rowCount, fields } = await ended;
      const changed = CHANGES.has(command ?? '') ? (rowCount ?? 0) : null;
      return {
        command: command ?? '',
        columns: fields.map(({ name }) => name),
        rows,
        count,
        changed,
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw silent ?? new MusterError(statementFailed(error, text));
    } finally {
      clearTimeout(limit);
      clearTimeout(forced);
      signal.removeEventListener('abort', cancel);
    }
  }

  async ask<T>(schema: z.ZodType<T>, text: string, values: readonly unknown[] = []): Promise<T[]> {
    const { columns, rows } = await this.run(text, MOST_OWN_ROWS, values);
    return rows.map((row) =>
      schema.parse(Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null]))),
    );
  }

  async close(): Promise<void> {
    const cut = setTimeout(() => this.#client.connection.stream.destroy(), CANCEL_MS);
    await this.#client.end().catch(() => undefined);
    clearTimeout(cut);
  }

  /** A cut connection alone would leave the statement running on the server. */
  async #cancelOnServer(): Promise<void> {
    const signal = AbortSignal.timeout(CANCEL_MS);
    const options = { signal, statementMs: CANCEL_MS, readOnly: true };
    const { Client: makeClient } = (await import('pg')).default;
    try {
      const { client } = await connect(makeClient, this.#connection, options);
      await client.query('select pg_cancel_backend($1)', [this.pid]);
      await client.end();
    } catch {
      // The connection is cut in a moment; the server's own limit ends the statement.
    }
  }
}

/** No query of ours gives more. */
const MOST_OWN_ROWS = 10_000;

const endSchema = z.object({
  command: z.string().nullable(),
  rowCount: z.number().nullable(),
  fields: z.array(z.object({ name: z.string() })),
});

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** What the driver throws where the server speaks no TLS. */
const NO_TLS = 'The server does not support SSL connections';

/** The driver's client, connected, and what ended the connection since, if anything. */
async function connect(
  makeClient: typeof Client,
  connection: ReachableConnection,
  options: ClientOptions,
): Promise<{ client: Client; closed: { why: Error | null } }> {
  const { sslmode } = connection;
  const secure = sslmode === 'disable' ? false : tlsOptions(connection);
  try {
    return await connectOnce(makeClient, connection, secure, options);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    const falls = sslmode === 'prefer' && error instanceof Error && error.message === NO_TLS;
    if (!falls) throw new MusterError(notConnected(error, connection));
  }
  try {
    return await connectOnce(makeClient, connection, false, options);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw new MusterError(notConnected(error, connection));
  }
}

async function connectOnce(
  makeClient: typeof Client,
  connection: ReachableConnection,
  ssl: false | ConnectionOptions,
  options: ClientOptions,
): Promise<{ client: Client; closed: { why: Error | null } }> {
  const { host, port, database, user, password } = connection;
  const { signal, statementMs, readOnly, onNotice } = options;
  const client = new makeClient({
    host,
    port,
    database,
    user,
    // A function keeps the driver from looking for a password elsewhere.
    password: password ?? (() => ''),
    ssl,
    sslnegotiation: 'postgres',
    application_name: 'muster',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    client_encoding: 'UTF8',
    options: sessionSettings({
      statement_timeout: String(statementMs),
      default_transaction_read_only: readOnly ? 'on' : 'off',
      standard_conforming_strings: 'on',
      timezone: 'UTC',
      datestyle: 'ISO',
    }),
  });
  const closed: { why: Error | null } = { why: null };
  client.on('error', (error) => {
    closed.why ??= error;
  });
  client.on('notice', ({ severity, message }) => {
    onNotice?.(`${severity ?? 'NOTICE'}: ${message ?? ''}`);
  });
  const abort = (): void => {
    client.connection.stream.destroy();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
  } catch (error) {
    abort();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  return { client, closed };
}

function sessionSettings(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function tlsOptions({ name, sslmode, sslRootCert }: ReachableConnection): ConnectionOptions {
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full';
  return {
    rejectUnauthorized: verifies,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(verifies && sslRootCert !== null ? { ca: readTrusted(sslRootCert) } : {}),
    checkServerIdentity: (_, certificate) =>
      sslmode === 'verify-full' ? checkServerIdentity(name, certificate) : undefined,
  };
}

function readTrusted(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new MusterError(certificateUnreadable(file, error));
  }
}
