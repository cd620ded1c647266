import { failure } from '../failures.ts';

const SAFE = 'Nothing was changed. Other backups are not concerned.';
const NEXT = 'Use another backup, and find out why this one is not whole.';

/** `at`: the byte of the object, counted from 0, at which nothing more comes. */
export function cutOff(uri: string, at: number, where: string) {
  return failure(
    'archive-truncated',
    `${uri} is cut off: it ends at byte ${at}, ${where}.`,
    SAFE,
    NEXT,
  );
}

export function damaged(uri: string, at: number, detail: string) {
  return failure('archive-damaged', `${uri} is damaged near byte ${at}.`, SAFE, NEXT, { detail });
}

export function notWhatItShouldBe(uri: string, kind: string, detail: string) {
  return failure('archive-of-another-kind', `${uri} is no ${kind}.`, SAFE, NEXT, { detail });
}

/** A dump inside ended before its last line. `at`: the byte of its text. */
export function dumpCutOff(uri: string, at: number, missing: string) {
  return failure(
    'archive-truncated',
    `The dump in ${uri} is cut off: its text ends at byte ${at} without "${missing}".`,
    SAFE,
    NEXT,
  );
}
