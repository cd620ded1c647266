import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../core/run/state.ts';
import { attemptsWords, tellings } from './looks.ts';

const attempt = (number: number, outcome: Attempt['outcome']): Attempt => ({
  number,
  outcome,
  startedAt: '2026-01-05T13:00:00.000Z',
  by: 'muster',
  endedAt: '2026-01-05T13:00:01.000Z',
  startedAheadMs: 0,
  endedAheadMs: 0,
  endedBy: 'muster',
  result: null,
  problem: null,
  resolved: null,
});
const of = (...outcomes: Attempt['outcome'][]) =>
  outcomes.map((outcome, index) => attempt(index + 1, outcome));

describe('looks of a step that waits for something', () => {
  it('are told as one, and what came of them apart', () => {
    const told = tellings(of('failed', 'not-yet', 'not-yet', 'succeeded', 'not-yet'));
    expect(told.map((one) => (one.kind === 'looks' ? one.count : one.attempt.outcome))).toEqual([
      'failed',
      2,
      'succeeded',
      1,
    ]);
  });

  it('are no attempts in words', () => {
    expect(attemptsWords(of('succeeded'))).toBeNull();
    expect(attemptsWords(of('failed', 'succeeded'))).toBe('2 attempts');
    expect(attemptsWords(of('not-yet', 'not-yet', 'succeeded'))).toBe('looked 2 times');
    expect(attemptsWords(of('not-yet'))).toBe('looked once');
    expect(attemptsWords(of('failed', 'not-yet', 'succeeded'))).toBe('2 attempts, looked once');
    expect(attemptsWords([attempt(334, 'failed')])).toBe('334 attempts');
  });
});
