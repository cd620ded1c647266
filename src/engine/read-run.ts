import { MusterError } from '../core/problem.ts';
import type { RunState } from '../core/run/state.ts';
import { link } from '../core/runbook/link.ts';
import type { Runbook } from '../core/runbook/model.ts';
import { parse } from '../core/runbook/parse.ts';
import type { Store } from '../store/open.ts';
import { runUnknown } from './failures.ts';
import { stateOf } from './run-state.ts';

/** A run's state, and its runbook as it was when the run began. Throws `run-unknown`. */
export function readRun(store: Store, run: string): { runbook: Runbook; state: RunState } {
  const row = store.runs.get(run);
  const state = row ? stateOf(store, run) : null;
  const text = row ? store.texts.read(row.sha256) : null;
  if (!state || text === null) throw new MusterError(runUnknown(run));
  return { runbook: linked(store, parse(text), state), state };
}

/** With the runbooks that it calls, as they were when the run began. */
function linked(store: Store, runbook: Runbook, { created }: RunState): Runbook {
  const called = new Map((created.called ?? []).map((file) => [file.step, file]));
  if (called.size === 0) return runbook;
  return link(runbook, (step) => {
    const file = called.get(step);
    const text = file ? store.texts.read(file.sha256) : null;
    return file && text !== null ? { ...file, runbook: parse(text) } : null;
  });
}
