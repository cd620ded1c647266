import { z } from 'zod';
import type { PrometheusSpec } from '../../core/actions/kinds/prometheus.ts';
import { verdictOf } from '../../core/checks/threshold.ts';
import { type Verdict, worst } from '../../core/checks/verdict.ts';
import { MusterError } from '../../core/problem.ts';
import { parseDuration } from '../../core/units.ts';
import { ExchangeFault, exchange } from './exchange.ts';
import { type CheckContext, type CheckResult, jsonEvidence, withinMs } from './result.ts';

/** How many points a series of a range has, so that a chart is fine enough and small. */
const POINTS = 120;
/** The finest that Prometheus is asked, in ms. */
const FINEST_MS = 1000;
/** How many series are kept as evidence. */
const MOST_SERIES = 50;

/** One series as its chart needs it. */
interface Series {
  labels: Record<string, string>;
  /** Times in ms since 1970 (UTC) and values, oldest first; NaN is left out. */
  points: [number, number][];
}

const point = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: labels, value: point.optional() })),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(point).default([]) })),
      }),
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({ resultType: z.literal('string'), result: point }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/** Asks Prometheus and judges each series. Rejects with MusterError, or the signal's reason. */
export async function checkPrometheus(
  context: CheckContext,
  spec: PrometheusSpec,
): Promise<CheckResult> {
  const base = spec.url ?? context.target().prometheusUrl;
  if (base === undefined) throw new MusterError(noAddress(context.target().name));
  let series: Series[];
  let responseMs: number;
  try {
    ({ series, responseMs } = await ask(context, spec, base));
  } catch (error) {
    if (!(error instanceof ExchangeFault)) throw error;
    return {
      verdict: 'unhealthy',
      summary: `Prometheus at ${new URL(base).host}: ${error.message}.`,
      responseMs: null,
      values: { series: 0 },
      evidence: [],
    };
  }
  return judge(spec, series, responseMs);
}

async function ask(
  { secret, signal }: CheckContext,
  spec: PrometheusSpec,
  base: string,
): Promise<{ series: Series[]; responseMs: number }> {
  const form = new URLSearchParams({ query: spec.query });
  const range = spec.range === undefined ? null : parseDuration(spec.range);
  if (range !== null) {
    const now = Date.now();
    form.set('start', String((now - range) / 1000));
    form.set('end', String(now / 1000));
    form.set('step', String(Math.max(FINEST_MS, Math.ceil(range / POINTS)) / 1000));
  }
  const token = spec.token === undefined ? null : await secret(spec.token);
  const { status, body, isCut, tookMs } = await exchange({
    url: `${base.replace(/\/+$/, '')}/api/v1/${range === null ? 'query' : 'query_range'}`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: form.toString(),
    redirects: 0,
    tls: {},
    limitMs: withinMs(spec.within),
    signal,
  });
  if (isCut) throw new ExchangeFault('the query gives more series than can be judged');
  const answer = answerSchema.safeParse(parsed(body));
  if (!answer.success)
    throw new ExchangeFault(`status ${status}, and it does not speak its language`);
  if (answer.data.status === 'error') throw new MusterError(refused(answer.data.error));
  return { series: seriesOf(answer.data.data), responseMs: tookMs };
}

function seriesOf(
  data: Extract<z.output<typeof answerSchema>, { status: 'success' }>['data'],
): Series[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({
        labels: metric,
        points: value === undefined ? [] : numbers([value]),
      }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({ labels: metric, points: numbers(values) }));
    default:
      return [{ labels: {}, points: numbers([data.result]) }];
  }
}

function numbers(points: readonly (readonly [number, string])[]): [number, number][] {
  return points.flatMap(([at, text]): [number, number][] => {
    const value = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
    return Number.isNaN(value) ? [] : [[Math.round(at * 1000), value]];
  });
}

function judge(spec: PrometheusSpec, all: readonly Series[], responseMs: number): CheckResult {
  // NaN, such as a rate divided by no requests, is no value: such a series says nothing.
  const judged = all
    .filter(({ points }) => points.length > 0)
    .map((series) => {
      const value = reduce(series.points, spec.over);
      return { ...series, value, verdict: verdictOf(value, spec) };
    });
  const verdict = judged.length === 0 ? spec.absent : worst(judged.map((one) => one.verdict));
  const decides = judged.find((one) => one.verdict === verdict);
  const content = {
    query: spec.query,
    warning: spec.warning ?? null,
    critical: spec.critical ?? null,
    range: spec.range ?? null,
    count: judged.length,
    series: judged.slice(0, MOST_SERIES).map(({ labels, points, verdict: own }) => ({
      labels,
      points,
      verdict: own,
    })),
  };
  return {
    verdict,
    summary: decides
      ? `${named(decides.labels)} is ${round(decides.value)}${limitMet(spec, verdict)}.`
      : 'The query gives no value.',
    responseMs,
    values: { series: judged.length, ...(decides ? { value: decides.value } : {}) },
    evidence: [jsonEvidence('series', content)],
  };
}

function reduce(points: readonly [number, number][], over: PrometheusSpec['over']): number {
  const values = points.map(([, value]) => value);
  switch (over) {
    case 'max':
      return values.reduce((a, b) => Math.max(a, b), -Infinity);
    case 'min':
      return values.reduce((a, b) => Math.min(a, b), Infinity);
    case 'mean':
      return values.reduce((a, b) => a + b, 0) / values.length;
    case 'last':
      return values.at(-1) ?? Number.NaN;
  }
}

function limitMet(spec: PrometheusSpec, verdict: Verdict): string {
  const limit =
    verdict === 'unhealthy' ? spec.critical : verdict === 'degraded' ? spec.warning : undefined;
  return limit === undefined ? '' : `, ${limit.trim()}`;
}

function named(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}="${value}"`);
  if (name === '' && pairs.length === 0) return 'The value';
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(', ')}}`}`;
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function noAddress(target: string) {
  return {
    code: 'prometheus-missing',
    what: `The target ${target} has no Prometheus, and the step names none.`,
    safe: 'Nothing was asked.',
    next: 'Write url= into the braces of the fence, or add Prometheus to the target.',
  };
}

function refused(why: string) {
  return {
    code: 'prometheus-query-refused',
    what: `Prometheus refused the query: ${why}.`,
    safe: 'A query changes nothing.',
    next: 'Correct the query.',
  };
}
