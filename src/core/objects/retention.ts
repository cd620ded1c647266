import { type Candidate, type Filter, named, newestFirst } from './choose-latest.ts';
import { accompanies, type ListedObject, usualSize, whyUnsound } from './listed.ts';

export interface Retention extends Pick<Filter, 'pattern' | 'suffix' | 'minSize'> {
  /** What is younger stays, in ms; undefined where only the number decides. */
  keepMs?: number | undefined;
  /** So many of the newest whole ones always stay; at least 1. */
  keepLast: number;
}

export interface Kept<T extends ListedObject> extends Candidate<T> {
  why: string;
}

export interface RetentionPlan<T extends ListedObject> {
  /** What would go, oldest first, each with the objects that accompany it. */
  goes: { object: T; time: Date; companions: T[] }[];
  stays: Kept<T>[];
  /** Why nothing may go at all, or null. */
  refusal: string | null;
}

/**
 * What a retention lets go. Of each object that goes, at least `keepLast` whole ones that are no
 * older stay. What has no time that can be told stays. Where even the newest whole one is older
 * than the time to keep, backups have stopped, and everything stays.
 */
export function planRetention<T extends ListedObject>(
  objects: readonly T[],
  options: Retention & {
    prefix: string;
    now: Date;
    timeOf: (object: T) => Date | null;
    /** Why an object may not be deleted, such as a legal hold; null where it may. */
    lockOf?: (object: T) => string | null;
  },
): RetentionPlan<T> {
  const { now, keepMs, lockOf = () => null } = options;
  const keepLast = Math.max(1, Math.floor(options.keepLast));
  const looked = named(objects, options.prefix, options).filter(
    ({ key }) => accompanies(key) === null && !key.endsWith('/'),
  );
  const usual = options.minSize === undefined ? usualSize(looked) : null;
  const unsound = (object: T): string | null =>
    whyUnsound(object, usual) ??
    (options.minSize !== undefined && object.size < options.minSize ? 'it is too small' : null);
  const candidates = looked
    .map((object) => ({ object, time: options.timeOf(object), skipped: unsound(object) }))
    .sort(newestFirst);

  const goes: RetentionPlan<T>['goes'] = [];
  const stays: Kept<T>[] = [];
  let whole = 0;
  for (const candidate of candidates) {
    const { object, time, skipped } = candidate;
    if (time === null) {
      stays.push({ ...candidate, why: 'its time cannot be told' });
      continue;
    }
    if (skipped === null) whole += 1;
    const why = stayReason(now.getTime() - time.getTime(), skipped === null ? whole : null);
    const reason = why ?? lockOf(object);
    if (reason !== null) stays.push({ ...candidate, why: reason });
    else goes.push({ object, time, companions: [] });
  }
  const staying = new Set(stays.map(({ object }) => object.key));
  const companions = companionsOf(objects);
  for (const going of goes) {
    const { key } = going.object;
    // Where another version of it stays, so does what accompanies it.
    if (!staying.has(key)) going.companions = companions.get(key) ?? [];
    companions.delete(key);
  }
  return { goes: goes.reverse(), stays, refusal: refusalOf(candidates) };

  /** `place`: its number among the whole ones, newest first; null for one that is not whole. */
  function stayReason(age: number, place: number | null): string | null {
    if (place !== null && place <= keepLast) {
      return keepLast === 1 ? 'it is the newest' : `it is one of the ${keepLast} newest`;
    }
    if (keepMs !== undefined && age <= keepMs) return 'it is young enough';
    // Whether something is whole is a guess; nothing goes by that alone.
    return place === null && whole < keepLast ? 'too few whole ones are younger' : null;
  }

  function refusalOf(sorted: readonly Candidate<T>[]): string | null {
    const newest = sorted.find(({ skipped, time }) => skipped === null && time !== null);
    if (goes.length === 0 || newest?.time == null) return null;
    if (keepMs !== undefined && now.getTime() - newest.time.getTime() > keepMs) {
      return `Even the newest whole object, ${newest.object.key}, is older than what is to be kept: backups have stopped.`;
    }
    return null;
  }
}

/** Objects that accompany others, by the key of the other. */
function companionsOf<T extends ListedObject>(objects: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const object of objects) {
    const key = accompanies(object.key);
    if (key !== null) found.set(key, [...(found.get(key) ?? []), object]);
  }
  return found;
}
