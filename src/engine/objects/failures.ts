import { MusterError, type Problem } from '../../core/problem.ts';
import { formatDuration } from '../../core/units.ts';

/** The ways in which a store and a transfer can fail, in the words that the operator reads. */

/** What a failure of one request left unharmed; transfers say more (`withSafety`). */
const REQUEST_SAFE = 'The request changed nothing that Muster knows of.';

const problem = (code: string, what: string, next: string, detail?: string): MusterError =>
  new MusterError({
    code,
    what,
    safe: REQUEST_SAFE,
    next,
    ...(detail === undefined ? {} : { detail }),
  });

/** Codes of failures that pass by themselves: the same request may be tried again. */
const PASSING = new Set(['store-unreachable', 'store-silent', 'store-busy']);

export function mayPass(error: unknown): boolean {
  return error instanceof MusterError && PASSING.has(error.problem.code);
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof MusterError && error.problem.code === code;
}

/** The same failure, with what it left unharmed where more is known than the request knew. */
export function withSafety(error: unknown, safe: string): unknown {
  return error instanceof MusterError && error.problem.safe === REQUEST_SAFE
    ? new MusterError({ ...error.problem, safe })
    : error;
}

export function unreachable(place: string, detail: string): MusterError {
  return problem(
    'store-unreachable',
    `The object store ${place} cannot be reached.`,
    'Check that it runs and that this machine reaches it, then retry.',
    detail,
  );
}

export function silent(place: string, ms: number): MusterError {
  return problem(
    'store-silent',
    `The object store ${place} took the request and has sent nothing for ${formatDuration(ms)}.`,
    'Check the health of the store and of what lies before it, then retry.',
  );
}

export function busy(place: string, detail: string): MusterError {
  return problem(
    'store-busy',
    `The object store ${place} is overloaded or has a fault of its own.`,
    'Wait until it has recovered, then retry.',
    detail,
  );
}

export function keysRefused(place: string, detail: string): MusterError {
  return problem(
    'store-keys-refused',
    `The object store ${place} refuses the keys.`,
    'Check the access key, the secret key and the session of the target, then retry.',
    detail,
  );
}

export function denied(place: string, what: string, detail: string): MusterError {
  return problem(
    'store-access-denied',
    `The object store ${place} denies access to ${what}.`,
    'Ask for the permission, or use a target whose keys have it, then retry.',
    detail,
  );
}

/** `skewMs`: this machine's clock less the store's; null where the store did not say its time. */
export function clockSkewed(place: string, skewMs: number | null, detail: string): MusterError {
  const off =
    skewMs === null
      ? 'are too far apart'
      : `are ${formatDuration(Math.abs(skewMs))} apart; this machine's is ${skewMs < 0 ? 'behind' : 'ahead'}`;
  return problem(
    'clock-skewed',
    `The clocks of this machine and of the object store ${place} ${off}.`,
    'Set the clock that is wrong, then retry. Times that this run recorded may be wrong too.',
    detail,
  );
}

export function bucketMissing(place: string, bucket: string): MusterError {
  return problem(
    'bucket-missing',
    `The object store ${place} has no bucket ${bucket}.`,
    'Check the name of the bucket and the target, then retry.',
  );
}

export function objectMissing(place: string, uri: string): MusterError {
  return problem(
    'object-missing',
    `The object store ${place} has no object ${uri}.`,
    'List the prefix and correct the key or the version, then retry.',
  );
}

export function objectChanged(uri: string): MusterError {
  return problem(
    'object-changed',
    `${uri} was replaced or deleted while it was read.`,
    'Find out what writes there, then retry with the object that you want.',
  );
}

export function uploadGone(uri: string): MusterError {
  return problem(
    'upload-gone',
    `The store no longer knows the unfinished upload of ${uri}.`,
    'Retry: it begins anew.',
  );
}

export function contentCutOff(): MusterError {
  return problem(
    'content-cut-off',
    'What was to be sent became another length while it was sent.',
    'Let nothing write to it, then retry.',
  );
}

export function refusedByStore(place: string, what: string, detail: string): MusterError {
  return problem(
    'store-refused',
    `The object store ${place} refused the request for ${what}.`,
    'Read the detail, correct the step or the target, then retry.',
    detail,
  );
}

export function keyUnusable(key: string, why: string): MusterError {
  return problem(
    'object-key-unusable',
    `The key ${JSON.stringify(key)} cannot be used in a folder: ${why}.`,
    'Choose another key.',
  );
}

/** A failure that the step itself finds; what is safe is known exactly. */
export function failure(
  code: string,
  what: string,
  safe: string,
  next: string,
  more: Pick<Problem, 'detail' | 'place'> = {},
): MusterError {
  return new MusterError({ code, what, safe, next, ...more });
}
