import { setTimeout as pause } from 'node:timers/promises';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { ObjectEntry, ObjectStore } from './store.ts';

/** The objects of a prefix as they were last seen. */
export interface PrefixState {
  /** The newest ones, newest first. */
  newest: ObjectEntry[];
  /** How many there are besides. */
  more: number;
  /** The size of all, in bytes. */
  total: number;
  /** When this was read, UTC; null before the first time. */
  readAt: Date | null;
  /** Why it could not be read since, or null. */
  problem: Problem | null;
}

export interface WatchOptions {
  /** Between two looks, in ms; a listing that takes long is made less often. */
  everyMs?: number;
  /** So many objects are kept at most. */
  most?: number;
  /** Told after each look that succeeded, also where nothing has changed. */
  onRead?: (at: Date) => void;
}

const EVERY_MS = 10_000;
const MOST = 100;
/** A listing takes at most one part in so many of the time. */
const SHARE = 10;

/**
 * Looks at a prefix again and again until the signal aborts, then resolves. `onChange` is told when
 * something has changed; while the store is away the last state stays, with its time and the
 * problem.
 */
export async function watchPrefix(
  store: ObjectStore,
  bucket: string,
  prefix: string,
  onChange: (state: PrefixState) => void,
  signal: AbortSignal,
  { everyMs = EVERY_MS, most = MOST, onRead }: WatchOptions = {},
): Promise<void> {
  let state: PrefixState = { newest: [], more: 0, total: 0, readAt: null, problem: null };
  let shown = '';
  while (!signal.aborted) {
    let wait = everyMs;
    try {
      const began = performance.now();
      state = await look(store, bucket, prefix, most, signal);
      if (state.readAt !== null) onRead?.(state.readAt);
      wait = Math.max(wait, (performance.now() - began) * SHARE);
    } catch (error) {
      if (signal.aborted) return;
      state = { ...state, problem: toProblem(error) };
    }
    // The time of reading alone is no change.
    const now = JSON.stringify({ ...state, readAt: null });
    if (now !== shown) onChange(state);
    shown = now;
    await pause(wait, undefined, { signal }).catch(() => {});
  }
}

async function look(
  store: ObjectStore,
  bucket: string,
  prefix: string,
  most: number,
  signal: AbortSignal,
): Promise<PrefixState> {
  const newest: ObjectEntry[] = [];
  let count = 0;
  let total = 0;
  for await (const found of store.list({ bucket, prefix, signal })) {
    count += 1;
    total += found.size;
    const at = newest.findIndex(({ modified }) => modified < found.modified);
    if (at !== -1) newest.splice(at, 0, found);
    else newest.push(found);
    if (newest.length > most) newest.pop();
  }
  return { newest, more: count - newest.length, total, readAt: new Date(), problem: null };
}
