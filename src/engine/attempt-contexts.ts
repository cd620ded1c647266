import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RunState } from '../core/run/state.ts';
import { allSteps, type Step } from '../core/runbook/model.ts';
import { createKeptBefore } from './kept-before.ts';
import { createSink } from './output.ts';
import type { RunnerOptions } from './runner.ts';
import type { ActContext } from './steps/kind.ts';
import { isMachineAction, type MachineAction } from './steps/registry.ts';

/** All that one attempt of a machine step is given. */
export interface AttemptContexts {
  of(id: string, attempt: number, cancel: AbortSignal): ActContext<MachineAction>;
  /**
   * Around a preview, of which nothing is recorded. Null for what takes another step back: that
   * depends on what the other one left, and its own words say what it does.
   */
  forPreview(id: string): Omit<ActContext, 'action' | 'sink'> | null;
}

export function createAttemptContexts(
  options: Omit<RunnerOptions, 'state'> & {
    state(): RunState;
    specFor(id: string): Step;
    release: AbortSignal;
  },
): AttemptContexts {
  const { store, run, runbook, values, state, specFor, release } = options;
  const places = new Map(allSteps(runbook).map((step, index) => [step.id, index]));

  /** One folder an attempt. Steps of the runbook itself are named by their place, as ever. */
  const dirOf = (id: string, attempt: number): string => {
    const place = places.get(id);
    const name =
      place === undefined
        ? `x${createHash('sha256').update(id).digest('hex').slice(0, 16)}`
        : String(place + 1).padStart(4, '0');
    return join(options.spool, `${name}-${attempt}`);
  };

  const before = createKeptBefore({ store, run, runbook, state, dirOf });

  const around = (
    id: string,
    attempt: number,
    cancel: AbortSignal,
  ): Omit<ActContext, 'action' | 'sink'> => ({
    run,
    id,
    step: specFor(id),
    attempt,
    dir: dirOf(id, attempt),
    cwd: options.cwd,
    env: { ...values.environment(state(), id), MUSTER_ATTEMPT: String(attempt) },
    interactive: options.interactive,
    proveShell: values.proveShell,
    structured: {
      mode: state().mode,
      home: store.home,
      values: values.of(state(), id),
      target: values.target,
      secret: values.secret,
      holdsSecret: (text) => values.redact(text) !== text,
      hide: values.hide,
      progress: ({ label, ...progress }) =>
        options.onProgress({ run, step: id, label: values.redact(label), ...progress }),
      notify: options.notify,
      before: before.toUndo(id),
      earlier: () => before.ofEarlierTry(id, attempt),
      keep: (kept) => before.keep(id, attempt, kept),
    },
    cancel,
    release,
  });

  return {
    of(id, attempt, cancel) {
      const { action } = specFor(id);
      if (!isMachineAction(action)) throw new Error(`Step ${id} has no machine part`);
      const sink = createSink({
        store,
        run,
        step: id,
        attempt,
        secrets: values.secrets,
        publish: options.onOutput,
        patiently: options.patiently,
        release,
      });
      return { ...around(id, attempt, cancel), action, sink };
    },
    forPreview(id) {
      if (before.toUndo(id) !== null) return null;
      // Attempts count from one, so this folder is no attempt's.
      return around(id, 0, new AbortController().signal);
    },
  };
}
