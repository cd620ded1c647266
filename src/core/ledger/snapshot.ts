import type { Attempt, RunState } from '../run/state.ts';
import { canonical } from './canonical.ts';

/**
 * A snapshot is the state of a run up to one of its events, so that a long run opens without
 * folding all of it. It proves nothing: whoever verifies reads the events. It is signed, so that
 * nobody can make the app show another state than the events give.
 */

/**
 * Which fold made a snapshot; one of another form is not read. Raise it with every change after
 * which a recorded run folds to another state, also when only a field is added.
 */
export const FOLD_FORM = 1;

/** Where a snapshot stands, and what its two parts are, as they are stored. */
export interface SnapshotClaim {
  run: string;
  /** The last event that is folded in, and its hash. */
  seq: number;
  hash: string;
  form: number;
  /** SHA-256 of the stored glance and of the stored attempts, hex. */
  glance: string;
  attempts: string;
}

/** What is signed, as UTF-8. */
export function snapshotText(claim: SnapshotClaim): string {
  const { run, seq, hash, form, glance, attempts } = claim;
  return canonical({ snapshot: { run, seq, hash, form, glance, attempts } });
}

/** Up to so many attempts a state is small, and its glance is all of it. */
const FEW_ATTEMPTS = 3_000;

/** A state to look at, and what it leaves out: of each step the attempts before the last one. */
export interface SplitState {
  glance: RunState;
  /** By the place of the step; null where the glance leaves nothing out. */
  earlier: Attempt[][] | null;
}

/**
 * Splits off what makes a state large and is seldom looked at. A glance must not be folded on, nor
 * be asked what may happen next: attempts are counted for both.
 */
export function splitState(state: RunState): SplitState {
  const count = state.steps.reduce((sum, { attempts }) => sum + attempts.length, 0);
  if (count <= FEW_ATTEMPTS) return { glance: state, earlier: null };
  return {
    glance: {
      ...state,
      steps: state.steps.map((step) => ({ ...step, attempts: step.attempts.slice(-1) })),
    },
    earlier: state.steps.map(({ attempts }) => attempts.slice(0, -1)),
  };
}

export function joinState({ glance, earlier }: SplitState): RunState {
  if (earlier === null) return glance;
  return {
    ...glance,
    steps: glance.steps.map((step, index) => ({
      ...step,
      attempts: [...(earlier[index] ?? []), ...step.attempts],
    })),
  };
}
