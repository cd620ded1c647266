import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { type RequestOptions as SecureOptions, request as secureRequest } from 'node:https';

/** The most of a body that is read, in bytes. */
const MOST_BODY = 1024 * 1024;

export interface ExchangeRequest {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  /** How many redirects may be followed. */
  redirects: number;
  tls: Pick<SecureOptions, 'ca' | 'servername' | 'rejectUnauthorized'>;
  /** The longest that it may take with its redirects, in ms. */
  limitMs: number;
  signal: AbortSignal;
}

export interface ExchangeAnswer {
  /** Where it came from in the end. */
  url: string;
  status: number;
  headers: IncomingMessage['headers'];
  /** At most 1 MiB of it. */
  body: string;
  /** True when the body was longer. */
  isCut: boolean;
  /** Until the body was complete, in ms. */
  tookMs: number;
}

/** The exchange did not end well; the message says why in plain words. */
export class ExchangeFault extends Error {}

/**
 * One HTTP exchange, bounded in time, size and redirects. Rejects with ExchangeFault, or with the
 * signal's reason. What is sent to one origin is not sent to another that it redirects to, and no
 * redirect leads from https to http.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeAnswer> {
  const limit = AbortSignal.timeout(request.limitMs);
  const signal = AbortSignal.any([request.signal, limit]);
  const began = performance.now();
  let here: Omit<ExchangeRequest, 'redirects'> = request;
  try {
    for (let followed = 0; ; followed += 1) {
      const answer = await once(here, signal);
      const next = redirectOf(answer, here);
      if (next === null) return { ...answer, url: here.url, tookMs: performance.now() - began };
      if (request.redirects === 0)
        return { ...answer, url: here.url, tookMs: performance.now() - began };
      if (followed >= request.redirects) {
        throw new ExchangeFault(`it redirects more than ${request.redirects} times`);
      }
      here = next;
    }
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (limit.aborted) throw new ExchangeFault(`no answer within ${request.limitMs} ms`);
    throw error instanceof ExchangeFault ? error : new ExchangeFault(reasonOf(error));
  }
}

function once(
  { url, method, headers, body, tls }: Omit<ExchangeRequest, 'redirects'>,
  signal: AbortSignal,
): Promise<Omit<ExchangeAnswer, 'url' | 'tookMs'>> {
  return new Promise((resolve, reject) => {
    const address = new URL(url);
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const common: RequestOptions = {
      method,
      headers: { 'user-agent': 'muster', accept: '*/*', ...headers, ...length },
      signal,
      // A connection of its own, so that what is measured includes its opening.
      agent: false,
    };
    const sent =
      address.protocol === 'https:'
        ? secureRequest(address, { ...common, ...tls })
        : plainRequest(address, common);
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (isCut: boolean): void => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).subarray(0, MOST_BODY).toString('utf8'),
          isCut,
        });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= MOST_BODY) return;
        end(true);
        sent.destroy();
      });
      response.once('end', () => end(false));
      response.once('error', reject);
      response.once('aborted', () => reject(new ExchangeFault('the answer broke off')));
    });
    sent.end(body ?? undefined);
  });
}

function redirectOf(
  answer: Pick<ExchangeAnswer, 'status' | 'headers'>,
  request: Omit<ExchangeRequest, 'redirects'>,
): Omit<ExchangeRequest, 'redirects'> | null {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null;
  const from = new URL(request.url);
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    throw new ExchangeFault('it redirects to what is no address');
  }
  if (to.protocol !== 'https:' && (to.protocol !== 'http:' || from.protocol === 'https:')) {
    throw new ExchangeFault(
      `it redirects to an address that is not safe: ${to.protocol}//${to.host}`,
    );
  }
  const keepsBody = answer.status === 307 || answer.status === 308;
  const isSame = to.origin === from.origin;
  if (keepsBody && request.body !== null && !isSame) {
    throw new ExchangeFault(`it redirects what was sent to another server: ${to.host}`);
  }
  return {
    ...request,
    url: to.href,
    headers: isSame ? request.headers : {},
    ...(keepsBody || request.method === 'HEAD' ? {} : { method: 'GET', body: null }),
  };
}

/** A network or TLS error in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? error.message;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'nothing answers',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is issued by nobody who is trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is issued by nobody who is trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is issued by nobody who is trusted',
  EPROTO: 'the server does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS',
};
