import { engineName } from '../run/retry.ts';

/** A name as names are compared: `Ada  Lovelace ` and `ada lovelace` are one person. */
export function handleOf(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

export function isSamePerson(one: string, other: string): boolean {
  return handleOf(one) === handleOf(other);
}

/** The longest name of a person, in characters. */
export const longestName = 80;

/** Why a name is none, or null: it stands in records and is read aloud. */
export function nameFault(name: string): string | null {
  if (handleOf(name) === '') return 'The name is empty.';
  if (name.length > longestName) return `The name is longer than ${longestName} characters.`;
  if (/\p{C}/u.test(name)) return 'The name contains a character that cannot be seen.';
  // The engine's own name in the record must not be a person's.
  return handleOf(name) === engineName ? `The name "${engineName}" is the engine's own.` : null;
}
