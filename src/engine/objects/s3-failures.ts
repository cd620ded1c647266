import { MusterError } from '../../core/problem.ts';
import {
  bucketMissing,
  busy,
  clockSkewed,
  denied,
  keysRefused,
  objectChanged,
  objectMissing,
  refusedByStore,
  unreachable,
  uploadGone,
} from './failures.ts';

/** What the SDK and Node throw, read without trust in its shape. */
interface Thrown {
  name: string;
  message: string;
  status: number | null;
  /** What the store's clock said, in ms since 1970. */
  storeTime: number | null;
}

/** What a request was about, for the words of its failure. */
export interface Subject {
  place: string;
  bucket: string;
  /** The object's URI, or the bucket's. */
  uri: string;
}

const NETWORK =
  /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|UND_ERR|ERR_STREAM_PREMATURE_CLOSE)|TimeoutError|IncompleteBody/;
const BUSY = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
]);
const KEYS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'TokenRefreshRequired',
  'CredentialsProviderError',
  'AuthorizationHeaderMalformed',
]);
/** Clocks this far apart explain why a store refuses a request, in ms. */
const SKEW_MS = 5 * 60_000;

/** The typed failure for what a request threw. A MusterError and an abort stay what they are. */
export function s3Failure(error: unknown, subject: Subject): unknown {
  if (error instanceof MusterError) return error;
  const thrown = readThrown(error);
  if (thrown === null || thrown.name === 'AbortError') return error;
  const { place, bucket, uri } = subject;
  const detail = [thrown.status, thrown.name, thrown.message].filter(Boolean).join(' ');
  const { name, status } = thrown;
  const skew = thrown.storeTime === null ? null : Date.now() - thrown.storeTime;
  if (name === 'RequestTimeTooSkewed') return clockSkewed(place, skew, detail);
  if (KEYS.has(name)) return keysRefused(place, detail);
  // The answer to a HEAD has no body, so its status and date are all that tells.
  if (status === 403 && skew !== null && Math.abs(skew) > SKEW_MS) {
    return clockSkewed(place, skew, detail);
  }
  if (status === 403) return denied(place, uri, detail);
  if (name === 'NoSuchBucket') return bucketMissing(place, bucket);
  if (name === 'NoSuchUpload') return uploadGone(uri);
  if (status === 412) return objectChanged(uri);
  if (status === 404 || status === 405) return objectMissing(place, uri);
  if (BUSY.has(name) || status === 429 || (status !== null && status >= 500)) {
    return busy(place, detail);
  }
  if (status === null && NETWORK.test(name)) return unreachable(place, detail);
  return refusedByStore(place, uri, detail);
}

/** The status of the store's answer, or null. */
export function statusOf(error: unknown): number | null {
  return readThrown(error)?.status ?? null;
}

/** The store's own name of the error, or an empty text. */
export function nameOf(error: unknown): string {
  return readThrown(error)?.name ?? '';
}

function readThrown(error: unknown): Thrown | null {
  if (!(error instanceof Error)) return null;
  // A host with several addresses fails with one error for each.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const code = property(cause, 'code');
  const date = property(property(property(error, '$response'), 'headers'), 'date');
  const storeTime = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const status = property(property(error, '$metadata'), 'httpStatusCode');
  return {
    name: typeof code === 'string' && error.name !== 'AbortError' ? code : error.name,
    message: error.message === 'UnknownError' ? '' : error.message,
    status: typeof status === 'number' ? status : null,
    storeTime: Number.isNaN(storeTime) ? null : storeTime,
  };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
