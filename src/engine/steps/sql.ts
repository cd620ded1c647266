import { sql as kind, type SqlSpec } from '../../core/actions/kinds/sql.ts';
import { MusterError } from '../../core/problem.ts';
import { runSql, type SqlRequest, type SqlResult, statementsOf } from '../databases/run-sql.ts';
import type { StepContext, StructuredKind } from './structured.ts';

/** The most that the rows kept as evidence may take, in characters of JSON. */
const MOST_EVIDENCE = 256 * 1024;

/** SQL on a database of the target; the work is in `engine/databases/run-sql.ts`. */
export const sql: StructuredKind<SqlSpec> = {
  kind,
  async preview({ spec, target }) {
    const request = requestOf(spec, null);
    const connection = await target().database(spec.database);
    const how = {
      no: 'read-only',
      together: 'in one transaction that may change data',
      separately: 'each in a transaction of its own that may change data',
    }[request.write];
    const count = request.statements.length;
    return {
      text: `Runs ${count} statement${count === 1 ? '' : 's'} on ${connection.database} at ${connection.host}:${connection.port} as ${connection.user}, ${how}.`,
      detail: request.statements.map(({ text }) => `${text};`).join('\n'),
      problem: null,
    };
  },
  async act(context) {
    const { spec, step, signal, log, evidence, target } = context;
    const request = requestOf(spec, step.timeoutMs);
    const connection = await target().database(spec.database);
    const result = await inFence(context, () => runSql(connection, request, signal, log));
    if (result.columns.length > 0) {
      evidence({ name: 'rows', mediaType: 'application/json', content: rowsAsJson(result) });
    }
    return { summary: summaryOf(result, spec), values: result.values };
  },
};

function requestOf(spec: SqlSpec, statementMs: number | null): SqlRequest {
  const { query, values, write, expect, show } = spec;
  return {
    statements: statementsOf(query, values),
    write: write === 'separately' ? write : write ? 'together' : 'no',
    expect: expect ?? null,
    show,
    statementMs,
  };
}

/** Places within the fence's text become lines of the runbook. */
async function inFence<T>(context: StepContext<SqlSpec>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { action } = context.step;
    const line = error instanceof MusterError ? error.problem.place?.line : undefined;
    if (!(error instanceof MusterError) || line === undefined || action === null) throw error;
    throw new MusterError({ ...error.problem, place: { line: action.line + line } });
  }
}

function summaryOf(result: SqlResult, spec: SqlSpec): string {
  const held = spec.expect === undefined ? '' : `, and ${spec.expect} holds`;
  if (result.columns.length === 0) return `Changed ${result.changed} rows${held}.`;
  return `Read ${result.count} row${result.count === 1 ? '' : 's'}${held}.`;
}

function rowsAsJson({ columns, rows, count }: SqlResult): string {
  let kept = rows;
  for (;;) {
    const content = JSON.stringify({ columns, rows: kept, count });
    if (content.length <= MOST_EVIDENCE || kept.length === 0) return content;
    kept = kept.slice(0, Math.floor(kept.length / 2));
  }
}
