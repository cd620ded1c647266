import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PersonRow, Store } from '../../store/open.ts';
import { deriveKey, newScrypt, pinLogN, scryptSchema } from '../sealing/derive-key.ts';
import { pinLocked, pinMissing, pinTooWeak, pinWrong } from './failures.ts';

/** Wrong PINs before the first pause. */
const FREE_TRIES = 5;
/** The pause after the last free try, in ms; each further wrong PIN doubles it. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 24 * 60 * 60 * 1000;
const LEAST_CHARACTERS = 6;

const keptSchema = z.strictObject({ scrypt: scryptSchema, hash: z.base64() });

/** The PIN as it is kept: salted and hashed. Throws MusterError for one that is guessed at once. */
export async function hashPin(pin: string): Promise<string> {
  const trimmed = pin.trim();
  if (trimmed.length < LEAST_CHARACTERS) {
    throw pinTooWeak(`The PIN is shorter than ${LEAST_CHARACTERS} characters.`);
  }
  if (isRow(trimmed)) throw pinTooWeak('The PIN is one character repeated, or a row.');
  const scrypt = newScrypt(pinLogN);
  const hash = (await deriveKey(trimmed, scrypt)).toString('base64');
  return JSON.stringify({ scrypt, hash });
}

/** `111111`, `123456`, `fedcba`: each character as far from the one before. */
function isRow(pin: string): boolean {
  const codes = [...pin].map((char) => char.codePointAt(0) ?? 0);
  const step = (codes[1] ?? 0) - (codes[0] ?? 0);
  return (
    Math.abs(step) <= 1 && codes.every((code, i) => i === 0 || code - (codes[i - 1] ?? 0) === step)
  );
}

/**
 * Returns when the PIN is the person's. Throws `pin-wrong`, `pin-locked` or `pin-missing`. A try
 * counts as wrong from before it is looked at, so ending the process in between gives no free one.
 */
export async function checkPin(
  store: Store,
  person: Pick<PersonRow, 'handle' | 'name'>,
  pin: string,
  now = Date.now(),
): Promise<void> {
  const row = store.transaction(() => {
    const found = store.people.get(person.handle);
    if (found === null || found.pin === null) throw pinMissing(person.name);
    const until = lockedUntil(found, now);
    if (until !== null) throw pinLocked(person.name, new Date(until));
    store.people.countWrongPin(found.handle, new Date(now).toISOString());
    return found;
  });
  const kept = keptSchema.parse(JSON.parse(row.pin ?? ''));
  const expected = Buffer.from(kept.hash, 'base64');
  const given = await deriveKey(pin, kept.scrypt);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw pinWrong(person.name, Math.max(0, FREE_TRIES - row.wrongPins - 1));
  }
  store.people.forgetWrongPins(row.handle);
}

/** When the next PIN may be tried, in ms since 1970; null when now. */
function lockedUntil({ wrongPins, wrongAt }: PersonRow, now: number): number | null {
  if (wrongPins < FREE_TRIES || wrongAt === null) return null;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (wrongPins - FREE_TRIES));
  const since = Date.parse(wrongAt);
  // A clock that was set back must not make the pause longer than it is.
  if (now < since) return now + pause;
  return now < since + pause ? since + pause : null;
}
