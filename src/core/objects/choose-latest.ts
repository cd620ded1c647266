import { formatBytes, formatDuration } from '../units.ts';
import { readKeyPattern } from './key-pattern.ts';
import { type ListedObject, usualSize, whyUnsound } from './listed.ts';
import { relativeKey } from './uri.ts';

/** Which objects of a prefix count. */
export interface Filter {
  /** A key pattern (`key-pattern.ts`), seen from the prefix. */
  pattern?: string | undefined;
  suffix?: string | undefined;
  /** In bytes. Where it is given, a size is not compared with that of the others. */
  minSize?: number | undefined;
  /** In ms. */
  maxAge?: number | undefined;
}

/** An object that was looked at: with its time and, where it does not count, why not. */
export interface Candidate<T extends ListedObject> {
  object: T;
  /** UTC; null where it cannot be told. */
  time: Date | null;
  skipped: string | null;
}

export interface Choice<T extends ListedObject> {
  chosen: Candidate<T> | null;
  /** Those that were looked at, newest first; what pattern and suffix leave out is not among them. */
  candidates: Candidate<T>[];
}

/** A clock may be wrong by so much, in ms; beyond it a time in the future is a mistake. */
const FUTURE_MS = 24 * 3600 * 1000;

/**
 * The newest object by its time, never by the order of names; of two with the same time the one
 * modified later. Objects that are empty, unfinished or far smaller than usual are passed over.
 */
export function chooseLatest<T extends ListedObject>(
  objects: readonly T[],
  options: Filter & { prefix: string; now: Date; timeOf: (object: T) => Date | null },
): Choice<T> {
  const { now, timeOf, minSize, maxAge } = options;
  const looked = named(objects, options.prefix, options);
  const usual = minSize === undefined ? usualSize(looked) : null;
  const why = (object: T, time: Date | null): string | null => {
    const unsound = whyUnsound(object, usual);
    if (unsound !== null) return unsound;
    if (minSize !== undefined && object.size < minSize) {
      return `it is smaller than ${formatBytes(minSize)}`;
    }
    if (time === null) return 'its time cannot be told';
    const age = now.getTime() - time.getTime();
    if (age < -FUTURE_MS) return 'its time lies in the future';
    if (maxAge !== undefined && age > maxAge) return `it is older than ${formatDuration(maxAge)}`;
    return null;
  };
  const candidates = looked
    .map((object) => {
      const time = timeOf(object);
      return { object, time, skipped: why(object, time) };
    })
    .sort(newestFirst);
  return { chosen: candidates.find(({ skipped }) => skipped === null) ?? null, candidates };
}

/** The objects that pattern and suffix leave. */
export function named<T extends ListedObject>(
  objects: readonly T[],
  prefix: string,
  { pattern, suffix }: Pick<Filter, 'pattern' | 'suffix'>,
): T[] {
  const read = pattern === undefined ? null : readKeyPattern(pattern);
  return objects.filter(
    ({ key }) =>
      (suffix === undefined || key.endsWith(suffix)) &&
      (read === null || (read.ok && read.pattern.test(relativeKey(key, prefix)))),
  );
}

/** Newest first; what has no time comes last. Names decide only between equal times. */
export function newestFirst<T extends ListedObject>(
  a: { object: T; time: Date | null },
  b: { object: T; time: Date | null },
): number {
  const at = (time: Date | null): number => time?.getTime() ?? Number.NEGATIVE_INFINITY;
  const [first, second] = [at(a.time), at(b.time)];
  if (first !== second) return second > first ? 1 : -1;
  const modified = b.object.modified.getTime() - a.object.modified.getTime();
  if (modified !== 0) return modified;
  return a.object.key < b.object.key ? -1 : Number(a.object.key > b.object.key);
}
