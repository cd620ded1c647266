import type { Command } from '../../core/run/commands.ts';
import { refuse } from '../../core/run/refuse.ts';
import type { StepState } from '../../core/run/state.ts';
import type { LoadedRun } from './store.ts';

/** What a person could ask of the step on the screen, as the engine would answer. */
export interface Possible {
  skip: boolean;
  reopen: boolean;
  undo: boolean;
  cancel: boolean;
  fail: boolean;
}

const nothing: Possible = { skip: false, reopen: false, undo: false, cancel: false, fail: false };

/** `here`: this window drives the run. */
export function possibleFor(run: LoadedRun, step: StepState, here: boolean): Possible {
  if (!here) return nothing;
  const may = (command: Command) => refuse(run.state, run.runbook, command) === null;
  const given = { step: step.id, reason: 'asked' };
  return {
    skip: may({ kind: 'skip', ...given }),
    reopen: may({ kind: 'reopen', ...given }),
    undo: may({ kind: 'undo', ...given }),
    cancel: may({ kind: 'cancel', step: step.id }),
    fail: may({ kind: 'fail', ...given }),
  };
}
