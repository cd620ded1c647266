import type { CheckEntry, CheckSpec, SqlCheckSpec } from '../../core/actions/kinds/check.ts';
import { type Verdict, worst } from '../../core/checks/verdict.ts';
import { MusterError } from '../../core/problem.ts';
import { tableLines } from '../../core/sql/table.ts';
import { formatDuration } from '../../core/units.ts';
import { runSql, statementsOf } from '../databases/run-sql.ts';
import { checkHttp } from './http.ts';
import { checkPrometheus } from './prometheus.ts';
import { checkRedis } from './redis.ts';
import { type CheckContext, type CheckResult, jsonEvidence } from './result.ts';
import { checkTcp } from './tcp.ts';
import { checkTls } from './tls.ts';

/** How long a query of a check may take, in ms. */
const SQL_MS = 30_000;

/** Runs the checks side by side, some at a time, and gives the worst verdict. */
export async function checkAll(
  context: CheckContext,
  spec: CheckSpec,
  onEnd: (done: number) => void,
): Promise<CheckResult> {
  const began = performance.now();
  const results: { entry: CheckEntry; result: CheckResult; verdict: Verdict }[] = [];
  const waiting = spec.checks.map((entry, index) => ({ entry, index }));
  let ended = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { entry, index } = next;
      const result = await checkOne(context, entry, spec.values);
      const isSpared = entry.optional && result.verdict === 'unhealthy';
      results[index] = { entry, result, verdict: isSpared ? 'degraded' : result.verdict };
      ended += 1;
      onEnd(ended);
    }
  };
  await Promise.all(Array.from({ length: spec['at-once'] }, work));
  const verdict = worst(results.map((one) => one.verdict));
  const count = (wanted: Verdict): number => results.filter((one) => one.verdict === wanted).length;
  const rows = results.map(({ entry, result, verdict: own }) => ({
    name: entry.name,
    verdict: own,
    responseMs: result.responseMs === null ? null : Math.round(result.responseMs),
    summary: result.summary,
  }));
  for (const line of tableLines(
    ['check', 'verdict', 'response'],
    rows.map((row) => [
      row.name,
      row.verdict,
      row.responseMs === null ? null : formatDuration(row.responseMs),
    ]),
  )) {
    context.log(line);
  }
  for (const row of rows.filter((one) => one.verdict !== 'healthy')) {
    context.log(`${row.name} is ${row.verdict}: ${row.summary}`);
  }
  const counts = {
    healthy: count('healthy'),
    degraded: count('degraded'),
    unhealthy: count('unhealthy'),
  };
  const bad = rows.filter((row) => row.verdict === verdict).map((row) => row.name);
  return {
    verdict,
    summary:
      verdict === 'healthy'
        ? `All ${rows.length} checks are healthy.`
        : `${bad.join(', ')} ${bad.length === 1 ? 'is' : 'are'} ${verdict}; ${counts.healthy} of ${rows.length} checks are healthy.`,
    responseMs: performance.now() - began,
    values: counts,
    evidence: [
      jsonEvidence('checks', rows),
      ...results.flatMap(({ entry, result }) =>
        result.evidence.map((one) => ({ ...one, name: `${entry.name}: ${one.name}` })),
      ),
    ],
  };
}

/** A check that cannot be asked, such as one whose secret is missing, is unhealthy by itself. */
async function checkOne(
  context: CheckContext,
  entry: CheckEntry,
  values: CheckSpec['values'],
): Promise<CheckResult> {
  const began = performance.now();
  try {
    if (entry.http) return await checkHttp(context, entry.http);
    if (entry.prometheus) return await checkPrometheus(context, entry.prometheus);
    if (entry.tcp) return await checkTcp(context, entry.tcp);
    if (entry.tls) return await checkTls(context, entry.tls);
    if (entry.sql) return await checkSql(context, entry.sql, values);
    if (entry.redis) return await checkRedis(context, entry.redis);
    throw new Error(`The check ${entry.name} is of no kind`);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof MusterError)) throw error;
    const { what, next, detail } = error.problem;
    return {
      verdict: 'unhealthy',
      summary: `${what} ${next}`,
      responseMs: performance.now() - began,
      values: {},
      evidence: detail === undefined ? [] : [jsonEvidence('problem', { what, detail })],
    };
  }
}

async function checkSql(
  context: CheckContext,
  spec: SqlCheckSpec,
  given: CheckSpec['values'],
): Promise<CheckResult> {
  const { query, database, expect } = spec;
  const connection = await context.target().database(database);
  const began = performance.now();
  const request = {
    statements: statementsOf(query, given),
    write: 'no',
    expect: expect ?? null,
    show: 20,
    statementMs: SQL_MS,
  } as const;
  // What a check of several prints would stand between the lines of the others.
  const { columns, rows, count, values } = await runSql(
    connection,
    request,
    context.signal,
    () => undefined,
  );
  const responseMs = performance.now() - began;
  return {
    verdict: 'healthy',
    summary: `The query gave ${count} row${count === 1 ? '' : 's'} in ${formatDuration(responseMs)}.`,
    responseMs,
    values,
    evidence: [jsonEvidence('rows', { columns, rows, count })],
  };
}
