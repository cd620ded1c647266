import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stepNamed } from '../core/run/places.ts';
import { specOf } from '../core/run/specs.ts';
import type { Attempt, RunState } from '../core/run/state.ts';
import { isUndo, reversedId } from '../core/run/step-ids.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import { writeInPlace } from './credentials/write-in-place.ts';
import { fileFailure } from './file-failure.ts';
import { readEvidence } from './output.ts';

/** Lies in an attempt's folder until the attempt's end is recorded with it. */
const FILE = 'before.json';

/**
 * What structured steps keep of how things were before them: for their undo, and for their next try,
 * which may find what an earlier one has changed already.
 */
export interface KeptBefore {
  /** For a step that takes back another by itself; null for any other. */
  toUndo(id: string): (() => unknown) | null;
  /** What the last try before this one kept, where none succeeded since; else null. */
  ofEarlierTry(id: string, attempt: number): unknown;
  /** Survives the end of this process; without secrets. Throws MusterError where it cannot be written. */
  keep(id: string, attempt: number, before: unknown): void;
}

export function createKeptBefore(options: {
  store: Store;
  run: string;
  runbook: Runbook;
  state(): RunState;
  dirOf(id: string, attempt: number): string;
}): KeptBefore {
  const { store, run, runbook, state, dirOf } = options;

  const attemptsOf = (id: string): readonly Attempt[] =>
    stepNamed(state(), id)?.step.attempts ?? [];

  /** As the ledger vouches for it; undefined where it knows of nothing. */
  const recorded = (id: string, { number, result }: Attempt): unknown => {
    const place = result?.before === undefined ? undefined : result.evidence?.[result.before];
    if (!place) return undefined;
    return JSON.parse(readEvidence(store, { run, step: id, attempt: number }, place));
  };

  return {
    toUndo(id) {
      const own = reversedId(id);
      if (!isUndo(id) || specOf(runbook, own)?.undo?.how !== 'auto') return null;
      const done = attemptsOf(own).findLast(({ outcome }) => outcome === 'succeeded');
      return () => (done && recorded(own, done)) ?? null;
    },

    ofEarlierTry(id, attempt) {
      for (const earlier of attemptsOf(id)
        .slice(0, attempt - 1)
        .toReversed()) {
        if (earlier.outcome === 'succeeded') return null;
        const kept = recorded(id, earlier) ?? left(dirOf(id, earlier.number));
        if (kept !== undefined) return kept;
      }
      return null;
    },

    keep(id, attempt, before) {
      const file = join(dirOf(id, attempt), FILE);
      try {
        writeInPlace(file, JSON.stringify(before));
      } catch (error) {
        throw fileFailure(error, file, 'The step changed nothing after this.');
      }
    },
  };
}

/** Clears the folder of an attempt that ended with Muster, which may hold credentials of a child process. */
export function discardAllButKept(dir: string): void {
  try {
    for (const name of readdirSync(dir)) {
      if (name !== FILE) rmSync(join(dir, name), { recursive: true, force: true });
    }
  } catch {
    // It has none, or it goes with the run's folder at its end.
  }
}

/** What an attempt that ended with Muster left behind. */
function left(dir: string): unknown {
  try {
    return JSON.parse(readFileSync(join(dir, FILE), 'utf8'));
  } catch {
    // There is none: nothing was changed before it was there, and it is replaced as a whole.
    return undefined;
  }
}
