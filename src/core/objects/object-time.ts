import { readKeyPattern } from './key-pattern.ts';
import type { ListedObject } from './listed.ts';
import { relativeKey } from './uri.ts';

/** Where the time of an object is taken from. */
export type TimeBasis =
  | { from: 'modified' }
  | { from: 'name'; pattern: string }
  | { from: 'metadata'; name: string };

/** The basis in words: "the time in its name". */
export function basisWords(basis: TimeBasis): string {
  if (basis.from === 'modified') return 'the time it was modified';
  return basis.from === 'name' ? 'the time in its name' : `its metadata ${basis.name}`;
}

/** The time that a value of metadata says: ISO 8601 with a zone, or seconds since 1970. */
export function timeOfMetadata(value: string | undefined): Date | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{9,11}(\.\d{1,9})?$/.test(text)) return new Date(Math.round(Number(text) * 1000));
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    return null;
  }
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}

/**
 * How to tell an object's time from a listing. `metadata` holds what was read of objects' metadata,
 * by key and version, and is needed for that basis alone.
 */
export function timeTeller<T extends ListedObject>(
  basis: TimeBasis,
  prefix: string,
  metadataOf: (object: T) => Readonly<Record<string, string>> = () => ({}),
): (object: T) => Date | null {
  if (basis.from === 'modified') return (object) => object.modified;
  if (basis.from === 'metadata') {
    return (object) => timeOfMetadata(metadataOf(object)[basis.name.toLowerCase()]);
  }
  const read = readKeyPattern(basis.pattern);
  return (object) => (read.ok ? read.pattern.timeOf(relativeKey(object.key, prefix)) : null);
}
