/** An object as a listing shows it, as far as choosing and keeping need it. */
export interface ListedObject {
  key: string;
  /** In bytes. */
  size: number;
  /** UTC. */
  modified: Date;
}

/** Names that programs give to what they have not finished writing. */
const UNFINISHED = /\.(?:part|partial|tmp|temp|incomplete|filepart|crdownload|inprogress)$/i;

/** Endings of files that belong to the object of the same name without them. */
const COMPANION = /\.(?:sha256|sha512|sha1|md5|asc|sig|manifest(?:\.json)?)$/i;

/** The key that `key` accompanies, such as the dump of a checksum; null where it is none. */
export function accompanies(key: string): string | null {
  return COMPANION.test(key) ? key.replace(COMPANION, '') : null;
}

/** Below this share of what is usual, an object counts as cut off. */
const LEAST_SHARE = 0.1;
/** From so many others it can be said what is usual. */
const ENOUGH_OTHERS = 3;

/**
 * Why an object is no whole backup as far as a listing tells, or null. `usual` is the size of the
 * others in bytes, or null where nobody can say.
 */
export function whyUnsound(object: ListedObject, usual: number | null): string | null {
  if (object.key.endsWith('/')) return 'it stands for a folder';
  if (object.size === 0) return 'it is empty';
  if (UNFINISHED.test(object.key)) return 'its name says that it is unfinished';
  if (accompanies(object.key) !== null) return 'it accompanies another object';
  if (usual !== null && object.size < usual * LEAST_SHARE) {
    return 'it is less than a tenth of the usual size';
  }
  return null;
}

/** The median size of the objects that can be whole, in bytes; null where there are too few. */
export function usualSize(objects: readonly ListedObject[]): number | null {
  const sizes = objects
    .filter((object) => whyUnsound(object, null) === null)
    .map(({ size }) => size)
    .sort((a, b) => a - b);
  if (sizes.length <= ENOUGH_OTHERS) return null;
  return sizes[Math.floor(sizes.length / 2)] ?? null;
}
