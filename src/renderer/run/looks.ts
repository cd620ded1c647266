import type { Attempt } from '../../core/run/state.ts';

/** Attempts as they are worth telling: tries by themselves, looks that found nothing yet as one. */
export type Telling =
  | { kind: 'attempt'; attempt: Attempt }
  | { kind: 'looks'; first: Attempt; last: Attempt; count: number };

/** Folds each row of tries that found nothing yet. Every attempt is in exactly one telling. */
export function tellings(attempts: readonly Attempt[]): Telling[] {
  const told: Telling[] = [];
  for (const attempt of attempts) {
    const before = told.at(-1);
    if (attempt.outcome !== 'not-yet') told.push({ kind: 'attempt', attempt });
    else if (before?.kind === 'looks') {
      told[told.length - 1] = { ...before, last: attempt, count: before.count + 1 };
    } else told.push({ kind: 'looks', first: attempt, last: attempt, count: 1 });
  }
  return told;
}

/** `3 attempts, looked 37 times`; null where one attempt is all there was. */
export function attemptsWords(attempts: readonly Attempt[]): string | null {
  const [first] = attempts;
  // Of a long run that was not looked into yet only the last one is here.
  if (first !== undefined && first.number > 1) return `${first.number} attempts`;
  const looks = attempts.filter(({ outcome }) => outcome === 'not-yet').length;
  const tries = attempts.length - looks;
  const parts = [
    tries > 1 ? `${tries} attempts` : null,
    looks > 0 ? lookedWords(looks) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

export function lookedWords(count: number): string {
  return count === 1 ? 'looked once' : `looked ${count} times`;
}
