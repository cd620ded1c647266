import type { Attempt, RunState } from './state.ts';

/**
 * Pauses before a retry and deadlines count a run's own time: that of the wall clock without what it
 * was set by and without the sleep of the machine. So a clock that jumps makes nothing early or
 * late, and a laptop that was closed gets its next look before a deadline is over.
 */

/** How far the wall clock is ahead of the run's own time, in ms; negative when it was set back. */
export function aheadMs({ shiftMs, sleptMs }: Pick<RunState, 'shiftMs' | 'sleptMs'>): number {
  return shiftMs + sleptMs;
}

/** The end of an attempt by the wall clock as it is now, in ms since the epoch; null while it is open. */
export function endedNow(
  attempt: Pick<Attempt, 'endedAt' | 'endedAheadMs'>,
  state: Pick<RunState, 'shiftMs' | 'sleptMs'>,
): number | null {
  if (attempt.endedAt === null) return null;
  return Date.parse(attempt.endedAt) + aheadMs(state) - attempt.endedAheadMs;
}

/** The start of an attempt by the wall clock as it is now, in ms since the epoch. */
export function startedNow(
  attempt: Pick<Attempt, 'startedAt' | 'startedAheadMs'>,
  state: Pick<RunState, 'shiftMs' | 'sleptMs'>,
): number {
  return Date.parse(attempt.startedAt) + aheadMs(state) - attempt.startedAheadMs;
}
