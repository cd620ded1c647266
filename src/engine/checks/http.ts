import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { HttpSpec } from '../../core/actions/kinds/http.ts';
import { unexpected } from '../../core/checks/expected-json.ts';
import { latencyVerdict } from '../../core/checks/threshold.ts';
import { MusterError } from '../../core/problem.ts';
import { leaves } from '../../core/runbook/json-pointer.ts';
import { readRegularExpression } from '../../core/runbook/pattern/pattern.ts';
import { formatDuration } from '../../core/units.ts';
import { type ExchangeAnswer, ExchangeFault, type ExchangeRequest, exchange } from './exchange.ts';
import { type CheckContext, type CheckResult, jsonEvidence, withinMs } from './result.ts';

/** How much of a body is a value and evidence, in characters. */
const SHOWN_BODY = 4000;
/** How many values of a JSON body can be captured by their pointers. */
const MOST_LEAVES = 200;

/** Sends the request and judges the answer. Rejects with MusterError, or the signal's reason. */
export async function checkHttp(context: CheckContext, spec: HttpSpec): Promise<CheckResult> {
  const request = await requestOf(context, spec);
  try {
    return judge(spec, await exchange(request));
  } catch (error) {
    if (!(error instanceof ExchangeFault)) throw error;
    const { origin, pathname } = new URL(spec.url);
    return {
      verdict: 'unhealthy',
      summary: `${spec.method} ${origin}${pathname}: ${error.message}.`,
      responseMs: null,
      values: {},
      evidence: [],
    };
  }
}

/** The request as it would be sent; secrets in it are values. */
async function requestOf(context: CheckContext, spec: HttpSpec): Promise<ExchangeRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec.headers)) {
    headers[name.toLowerCase()] =
      typeof value === 'string' ? value : value.before + (await context.secret(value.secret));
  }
  const { body } = spec;
  if (typeof body === 'object') headers['content-type'] ??= 'application/json';
  return {
    url: spec.url,
    method: spec.method,
    headers,
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    redirects: spec.redirects,
    tls: tlsOf(context, spec.tls),
    limitMs: withinMs(spec.within),
    signal: context.signal,
  };
}

function tlsOf({ cwd, log }: CheckContext, tls: HttpSpec['tls']): ExchangeRequest['tls'] {
  if (!tls) return {};
  if (tls.insecure) log('The certificate is not checked: the step says insecure.');
  return {
    rejectUnauthorized: !tls.insecure,
    ...(tls.name !== undefined && isIP(tls.name) === 0 ? { servername: tls.name } : {}),
    ...(tls.ca === undefined ? {} : { ca: readCertificates(resolve(cwd, tls.ca)) }),
  };
}

/** Throws MusterError where the file cannot be read. */
export function readCertificates(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new MusterError({
      code: 'certificate-unreadable',
      what: `The certificates to trust cannot be read: ${file}.`,
      safe: 'Nothing was sent.',
      next: 'Correct the path, or make the file readable for you.',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function judge(spec: HttpSpec, answer: ExchangeAnswer): CheckResult {
  const { status, body, isCut, tookMs, url, headers } = answer;
  const { expect } = spec;
  const json = spec.method === 'HEAD' || isCut ? undefined : parsed(body);
  const faults: string[] = [];
  if (!statusIsExpected(status, expect.status)) faults.push(`the status is ${status}`);
  if (expect.json) {
    if (json === undefined) faults.push('the body is no JSON');
    else faults.push(...unexpected(json, expect.json));
  }
  if (expect.text !== undefined) {
    const pattern = readRegularExpression(expect.text, { lines: true });
    if (!pattern.ok || !pattern.pattern.test(body))
      faults.push(`the body does not match /${expect.text}/`);
  }
  const byTime = latencyVerdict(tookMs, spec.latency);
  if (byTime !== 'healthy') faults.push(`it took ${formatDuration(tookMs)}`);
  const isWrong = faults.length > (byTime === 'healthy' ? 0 : 1);
  const what = `${spec.method} ${withoutQuery(url)}`;
  return {
    verdict: isWrong ? 'unhealthy' : byTime,
    summary:
      faults.length === 0
        ? `${what} answered ${status} in ${formatDuration(tookMs)}.`
        : `${what}: ${faults.join('; ')}.`,
    responseMs: tookMs,
    values: {
      ...leaves(json, MOST_LEAVES),
      status,
      body: body.slice(0, SHOWN_BODY),
    },
    evidence: [
      jsonEvidence('answer', {
        url: withoutQuery(url),
        status,
        tookMs: Math.round(tookMs),
        type: headers['content-type'] ?? null,
        body: body.slice(0, SHOWN_BODY),
        isCut: isCut || body.length > SHOWN_BODY,
      }),
    ],
  };
}

function statusIsExpected(status: number, expected: HttpSpec['expect']['status']): boolean {
  const wanted = Array.isArray(expected) ? expected : [expected];
  return wanted.some((entry) =>
    typeof entry === 'number' ? entry === status : Number(entry[0]) === Math.floor(status / 100),
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Queries often carry keys, so no record shows them. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
