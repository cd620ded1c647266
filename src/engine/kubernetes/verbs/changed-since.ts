import { holdsHidden } from '../../../core/ledger/hidden-values.ts';
import { MusterError } from '../../../core/problem.ts';
import { isStatus } from '../api/problems.ts';

/** How often an object may change between the look at it and the answer to it. */
const MOST_TRIES = 5;
const LONGEST_VALUE = 80;

/** Looks and writes again where what was looked at changed before it was written. */
export async function onCurrent<T>(lookAndWrite: () => Promise<T>): Promise<T> {
  for (let refused = 1; ; refused += 1) {
    try {
      return await lookAndWrite();
    } catch (error) {
      if (!isStatus(error, 409) || refused === MOST_TRIES) throw error;
    }
  }
}

/** Why a step is not taken back: `told` says of each object, in words, what others did to it. */
export function changedSinceStep(
  told: readonly string[],
  safe: string,
  detail?: string,
): MusterError {
  return new MusterError({
    code: 'kubernetes-changed-since',
    what: `Somebody else changed what this step left. ${told.join('. ')}.`,
    safe: `${safe} The changes of others stand as they are.`,
    next: 'Decide with whoever changed it. Then change the objects by hand, or leave them and skip this.',
    ...(detail !== undefined && { detail }),
  });
}

/**
 * What a field is now and what the step left there, in words. Where the step left a text that is not
 * kept, what is there now may be the same secret, which a redactor that does not know it lets through.
 */
export function fieldInWords(path: string, left: unknown, now: unknown): string {
  if (holdsHidden(left))
    return `${path} cannot be told from what the step left, which held a secret`;
  return `${path} is ${words(now)}, the step left ${words(left)}`;
}

function words(value: unknown): string {
  if (value === undefined || value === null) return 'not there';
  const text = JSON.stringify(value) ?? '';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
