import { MusterError } from '../../core/problem.ts';
import { evaluate, parseExpression } from '../../core/runbook/expression.ts';
import { fillIn } from '../../core/sql/fill-in.ts';
import {
  isTransactionControl,
  type Statement,
  splitStatements,
} from '../../core/sql/statements.ts';
import { type Cell, tableLines } from '../../core/sql/table.ts';
import { formatDuration } from '../../core/units.ts';
import { type DatabaseClient, openClient, type StatementResult } from './client.ts';
import { type DatabaseConnection, reach } from './connection.ts';

/** How long a statement may take where the step has no timeout, in ms. */
const DEFAULT_MS = 10 * 60_000;

export interface SqlRequest {
  /** The statements, `${NAME}` filled in; see `statementsOf`. */
  statements: readonly Statement[];
  /** `together`: in one transaction; `separately`: each in its own. */
  write: 'no' | 'together' | 'separately';
  /** What must hold of the last result, or null. */
  expect: string | null;
  /** How many rows to keep. */
  show: number;
  /** The longest that one statement may take, in ms; null for ten minutes. */
  statementMs: number | null;
}

/** The last result that has columns, and what all statements changed. */
export interface SqlResult {
  columns: string[];
  rows: Cell[][];
  count: number;
  changed: number;
  /** `rows`, `value`, `changed` and the columns of the first row, but for those that are null. */
  values: Record<string, string | number | boolean>;
}

/** The statements of a text, its values filled in. Throws MusterError. */
export function statementsOf(
  query: string,
  values: Readonly<Record<string, string | number | boolean>>,
): Statement[] {
  const filled = fillIn(query, values);
  if (!filled.ok) {
    throw new MusterError({
      code: 'sql-value-misplaced',
      what: filled.message,
      safe: 'Nothing was sent to the database.',
      next: 'Move the reference out of the $$ text, or set the value with a statement before.',
      place: { line: filled.line },
    });
  }
  const statements = splitStatements(filled.sql);
  if (statements.length === 0) {
    throw refused('The step has no statement.', 'Write one into the fence.');
  }
  const control = statements.find(isTransactionControl);
  if (control) {
    throw refused(
      `The step says ${control.words[0]}, and its transactions are Muster's.`,
      'Take the statement out; write=separately gives each statement a transaction of its own.',
    );
  }
  return statements;
}

/**
 * Runs the statements in order and checks the last result. Without `write` all run in one read-only
 * transaction. What fails, the check included, rolls back what stands in one transaction.
 * Rejects with MusterError, or with the signal's reason.
 */
export function runSql(
  connection: DatabaseConnection,
  request: SqlRequest,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<SqlResult> {
  return reach(connection, signal, async (reachable) => {
    const client = await openClient(reachable, {
      signal,
      statementMs: request.statementMs ?? DEFAULT_MS,
      readOnly: request.write === 'no',
      onNotice: log,
    });
    try {
      return await runAll(client, request, log);
    } finally {
      await client.close();
    }
  });
}

async function runAll(
  client: DatabaseClient,
  request: SqlRequest,
  log: (line: string) => void,
): Promise<SqlResult> {
  const { statements, write, expect, show } = request;
  const together = write !== 'separately';
  if (together) await begin(client, write === 'no');
  let last: StatementResult | null = null;
  let changed = 0;
  for (const [index, statement] of statements.entries()) {
    for (const line of statement.text.split('\n')) log(`> ${line}`);
    const began = performance.now();
    const result = await run(client, statement, show, together ? null : index);
    logResult(result, performance.now() - began, log);
    changed += result.changed ?? 0;
    if (result.columns.length > 0) last = result;
  }
  const result: SqlResult = {
    columns: last?.columns ?? [],
    rows: last?.rows ?? [],
    count: last?.count ?? 0,
    changed,
    values: valuesOf(last, changed),
  };
  if (expect !== null) check(expect, result.values, write);
  if (together) await client.run('COMMIT', 0);
  return result;
}

async function begin(client: DatabaseClient, readOnly: boolean): Promise<void> {
  await client.run(`BEGIN ${readOnly ? 'READ ONLY' : 'READ WRITE'}`, 0);
  // After its first query a transaction cannot be made to write any more.
  if (readOnly) await client.run('SELECT 1', 0);
}

async function run(
  client: DatabaseClient,
  statement: Statement,
  show: number,
  doneBefore: number | null,
): Promise<StatementResult> {
  try {
    // One row at least, for `value` and the columns.
    return await client.run(statement.text, Math.max(1, show));
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const { problem } = error;
    throw new MusterError({
      ...problem,
      safe:
        doneBefore === null || doneBefore === 0
          ? problem.safe
          : `The ${doneBefore} statements before it are done and stay. This one was rolled back.`,
    });
  }
}

function logResult(result: StatementResult, ms: number, log: (line: string) => void): void {
  const { command, columns, rows, count, changed } = result;
  if (columns.length > 0) for (const line of tableLines(columns, rows)) log(line);
  const left = count - rows.length;
  const what =
    columns.length > 0
      ? `${count} row${count === 1 ? '' : 's'}${left > 0 ? `, ${left} not shown` : ''}`
      : changed === null
        ? command
        : `${command}: ${changed} row${changed === 1 ? '' : 's'} changed`;
  log(`(${what}, ${formatDuration(ms)})`);
}

function valuesOf(
  result: StatementResult | null,
  changed: number,
): Record<string, string | number | boolean> {
  const first = result?.rows[0] ?? [];
  const values: Record<string, string | number | boolean> = {};
  for (const [index, name] of (result?.columns ?? []).entries()) {
    const cell = first[index];
    if (cell !== null && cell !== undefined) values[name] = cell;
  }
  const [value] = first;
  // The names that the documentation promises win over columns of the same name.
  if (value !== null && value !== undefined) values.value = value;
  return { ...values, rows: result?.count ?? 0, changed };
}

function check(
  expect: string,
  values: Readonly<Record<string, string | number | boolean>>,
  write: SqlRequest['write'],
): void {
  const parsed = parseExpression(expect);
  if (parsed.ok && evaluate(parsed.expression, values)) return;
  throw new MusterError({
    code: 'sql-not-as-expected',
    what: `The result is not as expected: ${expect} does not hold.`,
    safe:
      write === 'separately'
        ? 'The statements are done and stay.'
        : 'The transaction was rolled back: nothing was changed.',
    next: 'Look at the rows in the output, and find out why before you go on.',
    detail: JSON.stringify(values, null, 2),
  });
}

function refused(what: string, next: string): MusterError {
  return new MusterError({
    code: 'sql-refused',
    what,
    safe: 'Nothing was sent to the database.',
    next,
  });
}
