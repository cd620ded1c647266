import { setTimeout as pause } from 'node:timers/promises';
import { mayPass, silent } from './failures.ts';

/** How a transfer bears with a store that is away, in ms. */
export interface Patience {
  /** How long it is tried without any progress before it fails. */
  totalMs: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

/** For a request that a person waits for. */
export const SHORT: Patience = { totalMs: 10_000, firstPauseMs: 200, longestPauseMs: 2_000 };

/** For a transfer, which is worth waiting for. */
export const LONG: Patience = { totalMs: 120_000, firstPauseMs: 300, longestPauseMs: 5_000 };

/** Ends the waiting when a store stays silent for too long. */
export interface Vigil {
  signal: AbortSignal;
  /** To be called at each sign of life. */
  heard(): void;
  /** Ends the request at once because of something that is not the store's fault. */
  fail(error: unknown): void;
  end(): void;
  /** What to throw for `error`: why the request was ended, or the error itself. */
  explain(error: unknown): unknown;
}

export function keepVigil(place: string, outer: AbortSignal, silenceMs: number): Vigil {
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(silent(place, silenceMs)), silenceMs);
  return {
    signal: AbortSignal.any([outer, quiet.signal]),
    heard: () => void timer.refresh(),
    fail: (error) => quiet.abort(error),
    end: () => clearTimeout(timer),
    explain(error) {
      if (outer.aborted) return outer.reason;
      return quiet.signal.aborted ? quiet.signal.reason : error;
    },
  };
}

/**
 * Does `work` again while what it throws may pass by itself. `hasMoved` says whether anything came
 * of it since it was last asked: then patience begins anew. `onPause` is told what is waited for.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  options: {
    patience: Patience;
    hasMoved?: () => boolean;
    onPause?: (error: unknown) => void;
  },
): Promise<T> {
  const { patience, hasMoved = () => false, onPause = () => {} } = options;
  let since = performance.now();
  let wait = patience.firstPauseMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      if (hasMoved()) {
        since = performance.now();
        wait = patience.firstPauseMs;
      }
      if (performance.now() - since + wait > patience.totalMs) throw error;
      onPause(error);
    }
    await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    wait = Math.min(wait * 2, patience.longestPauseMs);
  }
}
