import { createHash } from 'node:crypto';
import { link } from '../core/ledger/chain.ts';
import type { EventBody, RunEvent } from '../core/run/events.ts';
import { reduce } from '../core/run/reduce.ts';
import type { RunState } from '../core/run/state.ts';
import { summarise } from '../core/run/summary.ts';
import type { Store } from '../store/open.ts';
import type { Clocks } from './clock-watch.ts';

/**
 * The one writer of a run's ledger. Events are staged in memory and committed in one transaction,
 * so that what belongs together is on disk together; the state is that of all staged events.
 */
export interface Journal {
  state(): RunState;
  /** The wall clock with which events are stamped, in ms since the epoch. */
  now(): number;
  stage(body: EventBody): void;
  /** Puts what is staged on disk, then tells of it. Throws when it cannot; it stays staged. */
  commit(): void;
  /** Forgets what was staged and not committed. */
  rollBack(): void;
  /** Commits, and brings the list of runs up to date: it is derived, so only when the run rests. */
  settle(): void;
}

export function createJournal(options: {
  store: Store;
  run: string;
  session: string;
  /** Null for a run that has no event yet. */
  state: RunState | null;
  clocks(): Clocks;
  onEvents(events: RunEvent[]): void;
  /** The run rests or has ended, and all of it is recorded. */
  onRest(): void;
}): Journal {
  const { store, run, session } = options;
  const staged: RunEvent[] = [];
  let current = options.state;
  let committed = options.state;
  const state = (): RunState => {
    if (!current) throw new Error('A run has no state before its first event');
    return current;
  };
  const commit = (): void => {
    if (staged.length === 0) return;
    store.events.append(staged);
    committed = current;
    options.onEvents(staged.splice(0));
  };
  return {
    state,
    now: () => options.clocks().wall,
    stage(body) {
      const previous = current ? { seq: current.lastSeq, hash: current.lastHash } : null;
      const { wall, mono } = options.clocks();
      const stamp = { run, time: new Date(wall).toISOString(), mono, session };
      const event = link(previous, stamp, body, sha256);
      current = reduce(current, event);
      staged.push(event);
    },
    commit,
    rollBack() {
      current = committed;
      staged.length = 0;
    },
    settle() {
      commit();
      try {
        store.runs.saveSummary(run, summarise(state()));
      } catch {
        // Derived from the events, which are on disk: who needs it folds them.
      }
      options.onRest();
    },
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
