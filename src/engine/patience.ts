import { setTimeout as pause } from 'node:timers/promises';
import { MusterError, type Problem } from '../core/problem.ts';
import { databaseFile } from '../store/connection.ts';
import type { Store } from '../store/open.ts';

/**
 * Does some writing; while another program locks the database, again and again, without holding up
 * the process meanwhile. So `work` must leave nothing behind when it throws. Rejects with what it
 * threw last when the lock stays too long, or when `until` is aborted.
 */
export type Patiently = <T>(work: () => T, until: AbortSignal) => Promise<T>;

export interface PatienceTimes {
  /** Between two attempts, in ms. */
  again: number;
  /** How long a lock lasts until the operator is told, in ms. */
  tell: number;
  /** How long it lasts until the work is given up, in ms. */
  giveUp: number;
}

/** A copy of a large database, which is what locks for long, takes minutes. */
const TIMES: PatienceTimes = { again: 200, tell: 1_500, giveUp: 5 * 60_000 };

/** `tell` hears of a lock once, however many wait for it. */
export function createPatience(
  store: Store,
  tell: (problem: Problem) => void,
  times: PatienceTimes = TIMES,
): Patiently {
  let waiting = 0;
  let told = false;
  return async (work, until) => {
    let since: number | null = null;
    try {
      for (;;) {
        try {
          return store.briefly(work);
        } catch (error) {
          if (!isLocked(error)) throw error;
          if (since === null) waiting += 1;
          since ??= performance.now();
          const waited = performance.now() - since;
          if (waited >= times.giveUp) throw error;
          if (waited >= times.tell && !told) {
            told = true;
            tell(waits(databaseFile(store.home)));
          }
          await pause(times.again, undefined, { signal: until }).catch(() => {
            throw error;
          });
        }
      }
    } finally {
      if (since !== null) waiting -= 1;
      if (waiting === 0) told = false;
    }
  };
}

function isLocked(error: unknown): boolean {
  return error instanceof MusterError && error.problem.code === 'store-locked';
}

function waits(file: string): Problem {
  return {
    code: 'store-waits',
    what: `Another program keeps the database ${file} locked; Muster waits to record what the run does.`,
    safe: 'What was recorded before is kept. Running steps go on, and nothing that they print is lost.',
    next: 'Close other programs that work on this file, such as a backup or a database browser. The run then goes on by itself.',
    place: { file },
  };
}
