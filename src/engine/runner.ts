import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { link } from '../core/ledger/chain.ts';
import { MusterError, type Problem, toProblem } from '../core/problem.ts';
import type { Command } from '../core/run/commands.ts';
import { decide, refuse } from '../core/run/decide.ts';
import type { ActResult, BodyOf, EventBody, RunEvent } from '../core/run/events.ts';
import { reduce } from '../core/run/reduce.ts';
import { engineName } from '../core/run/retry.ts';
import type { RunState } from '../core/run/state.ts';
import { summarise } from '../core/run/summary.ts';
import { allSteps, type Runbook, type Step } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import type { InteractiveHost, OutputChunk } from './api.ts';
import { readCaptures } from './captures.ts';
import { captureMissing, declaredFailed, notDrivenHere, stepLost } from './failures.ts';
import { createSink, readKept } from './output.ts';
import { proofOf } from './proof.ts';
import type { ActContext, Acted, Lost, Released } from './steps/kind.ts';
import { isMachineAction, type MachineAction, machineKindOf } from './steps/registry.ts';

export interface RunnerOptions {
  store: Store;
  run: string;
  runbook: Runbook;
  /** Null for a run that has no event yet; then `opening` makes the first ones. */
  state: RunState | null;
  /** Events that open this drive, appended in one transaction. */
  opening: readonly EventBody[];
  operator: string;
  session: string;
  /** Where attempts keep their files: one folder each. */
  spool: string;
  cwd: string;
  environment(state: RunState, step: Step | null): Record<string, string>;
  secrets: readonly string[];
  /** Removes the run's secrets from what a person typed. */
  redactText(text: string): string;
  interactive: InteractiveHost | null;
  onEvents(events: RunEvent[]): void;
  onOutput(chunk: OutputChunk): void;
  /** The run rests or has ended, and all of it is recorded. */
  onRest(): void;
  /** Called once: the run ended (null) or could not be recorded any more. */
  onStop(problem: Problem | null): void;
}

export interface Runner {
  state(): RunState;
  command(command: Command): Promise<void>;
  /** Lets go: what runs goes on. Resolves when nothing is watched any more. */
  release(): Promise<void>;
}

/**
 * Drives one run: decide, append, act, append, again. Events are staged in memory and committed in
 * one transaction before any effect and whenever the run waits, so an effect is never without the
 * event that announced it, and a state that the surface saw is on disk.
 */
export function createRunner(options: RunnerOptions): Runner {
  const { store, run, runbook, operator } = options;
  const steps = new Map(allSteps(runbook).map((step, index) => [step.id, { step, index }]));
  const releasing = new AbortController();
  const staged: RunEvent[] = [];
  let current = options.state;
  let committed = options.state;
  /** The attempt that is under way. */
  let active: { cancel: AbortController; done: Promise<void> } | null = null;
  let aborting: string | null = null;
  let wake: NodeJS.Timeout | null = null;
  let isStopped = false;

  const state = (): RunState => {
    if (!current) throw new Error('A run has no state before its first event');
    return current;
  };

  const stage = (body: EventBody): void => {
    const previous = current ? { seq: current.lastSeq, hash: current.lastHash } : null;
    const stamp = {
      run,
      time: new Date().toISOString(),
      mono: performance.now(),
      session: options.session,
    };
    const event = link(previous, stamp, body, sha256);
    current = reduce(current, event);
    staged.push(event);
  };

  const commit = (): void => {
    if (staged.length === 0) return;
    const events = staged.splice(0);
    try {
      store.events.append(events);
    } catch (error) {
      current = committed;
      throw error;
    }
    committed = current;
    options.onEvents(events);
  };

  /** The list of runs shows this; it is derived, so it is written only when the run rests. */
  const settle = (): void => {
    commit();
    store.runs.saveSummary(run, summarise(state()));
    options.onRest();
  };

  const stop = (problem: Problem | null): void => {
    if (isStopped) return;
    isStopped = true;
    if (wake) clearTimeout(wake);
    releasing.abort();
    options.onStop(problem);
  };

  const stepOf = (id: string): Step => {
    const found = steps.get(id);
    if (!found) throw new Error(`No step ${id} in the runbook of run ${run}`);
    return found.step;
  };

  const dirOf = (id: string, attempt: number): string => {
    const index = steps.get(id)?.index ?? 0;
    return join(options.spool, `${String(index + 1).padStart(4, '0')}-${attempt}`);
  };

  /** Does all that may happen without a person, up to the next wait or the next effect. */
  const advance = (): void => {
    if (active || isStopped) return;
    for (;;) {
      const next = decide(state(), runbook);
      if (next.kind === 'skip') {
        stage({
          kind: 'step.skipped',
          step: next.step,
          cause: 'condition',
          reason: next.reason,
          by: engineName,
        });
      } else if (next.kind === 'begin') {
        stage({
          kind: 'step.started',
          step: next.step,
          attempt: attemptsOf(next.step) + 1,
          by: engineName,
        });
      } else if (next.kind === 'finish') {
        stage({ kind: 'run.ended', outcome: next.outcome, reason: null, by: engineName });
      } else if (next.kind === 'act' && next.automatic) {
        const wait = next.because === 'retry' ? backoffLeft(next.step) : 0;
        if (wait <= 0) {
          begin(next.step, engineName);
        } else {
          settle();
          wake = setTimeout(guarded(advance), wait);
        }
        return;
      } else {
        settle();
        if (next.kind === 'ended') {
          discard(options.spool);
          stop(null);
        }
        return;
      }
    }
  };

  const attemptsOf = (id: string): number =>
    state().steps.find((step) => step.id === id)?.attempts.length ?? 0;

  const backoffLeft = (id: string): number => {
    const last = state()
      .steps.find((step) => step.id === id)
      ?.attempts.at(-1)?.endedAt;
    return last ? Date.parse(last) + stepOf(id).backoffMs - Date.now() : 0;
  };

  /** Begins the machine part of a step: the intent is on disk before anything runs. */
  const begin = (id: string, by: string): void => {
    const attempt = attemptsOf(id) + 1;
    stage({ kind: 'step.started', step: id, attempt, by });
    commit();
    const cancel = new AbortController();
    const context = contextOf(id, attempt, cancel.signal);
    attend(context, cancel, machineKindOf(context.action).act(context));
  };

  const attend = (
    context: ActContext<MachineAction>,
    cancel: AbortController,
    acted: Promise<Acted | Lost | Released>,
  ): void => {
    const done = acted
      .then((end) => conclude(context, end))
      .catch((error: unknown) => stop(toProblem(error)));
    active = { cancel, done };
  };

  const contextOf = (
    id: string,
    attempt: number,
    cancel: AbortSignal,
  ): ActContext<MachineAction> => {
    const step = stepOf(id);
    if (!isMachineAction(step.action)) throw new Error(`Step ${id} has no machine part`);
    return {
      run,
      step,
      action: step.action,
      attempt,
      dir: dirOf(id, attempt),
      cwd: options.cwd,
      env: { ...options.environment(state(), step), MUSTER_ATTEMPT: String(attempt) },
      sink: createSink({
        store,
        run,
        step: id,
        attempt,
        secrets: options.secrets,
        publish: options.onOutput,
      }),
      interactive: options.interactive,
      cancel,
      release: releasing.signal,
    };
  };

  /** Records what an attempt came to and goes on. */
  const conclude = (context: ActContext<MachineAction>, end: Acted | Lost | Released): void => {
    active = null;
    if ('kind' in end && end.kind === 'released') return;
    const { step, attempt, dir } = context;
    if ('kind' in end) {
      context.sink.finish();
      stageEnd(step, attempt, 'unknown', engineName, { problem: stepLost(step, end.why) });
    } else {
      const result = resultOf(context, end);
      stage({ kind: 'step.acted', step: step.id, attempt, result });
      const isDone = result.outcome === 'succeeded';
      if (!isDone || step.tasks.length === 0) {
        const outcome = result.outcome === 'timed-out' ? 'failed' : result.outcome;
        // Only a person cancels.
        const by = outcome === 'cancelled' ? operator : engineName;
        stageEnd(step, attempt, outcome, by, {
          problem: result.problem,
          captures: result.captures,
        });
      }
    }
    if (aborting !== null) {
      stage({ kind: 'run.ended', outcome: 'aborted', reason: aborting, by: operator });
    }
    advance();
    // What the files held is in the store now, committed with the events above.
    discard(dir);
  };

  const resultOf = (context: ActContext<MachineAction>, end: Acted): ActResult => {
    const output = context.sink.finish();
    const { captures } = context.action;
    if (end.outcome !== 'succeeded' || captures.length === 0)
      return { ...end, output, captures: {} };
    const stream = context.action.interactive ? 'terminal' : 'out';
    const text = readKept(store, { run, step: context.step.id, attempt: context.attempt, stream });
    const { values, missing } = readCaptures(captures, text);
    if (!missing) return { ...end, output, captures: values };
    const problem = captureMissing(context.step, missing.name, missing.why);
    return { ...end, output, captures: values, outcome: 'failed', problem };
  };

  const stageEnd = (
    step: Step,
    attempt: number,
    outcome: BodyOf<'step.ended'>['outcome'],
    by: string,
    more: {
      problem?: Problem | null;
      captures?: Record<string, string>;
      answer?: BodyOf<'step.ended'>['answer'];
    } = {},
  ): void => {
    const proof = outcome === 'succeeded' ? proofOf(step, state(), more.captures ?? {}) : null;
    stage({
      kind: 'step.ended',
      step: step.id,
      attempt,
      outcome,
      by,
      answer: more.answer ?? null,
      proves: proof?.proves ?? [],
      recoveryPoint: proof?.recoveryPoint ?? null,
      problem: more.problem ?? proof?.problem ?? null,
    });
    if (outcome === 'succeeded') declareAfter(step, by);
  };

  const declareAfter = (step: Step, by: string): void => {
    if (!step.declares || state().declaredAt !== null) return;
    stage({ kind: 'run.declared', at: new Date().toISOString(), by });
  };

  /** Finds out what became of the step that was running when an earlier process stopped. */
  const recover = (): void => {
    const open = state().steps.find((step) => step.status === 'running');
    if (!open) return;
    const attempt = open.attempts.length;
    const cancel = new AbortController();
    const context = contextOf(open.id, attempt, cancel.signal);
    const found = machineKindOf(context.action).recover(context);
    if (found.kind === 'goes-on') {
      attend(context, cancel, found.acted);
    } else if (found.kind === 'not-started') {
      stageEnd(context.step, attempt, 'not-started', engineName);
    } else {
      context.sink.finish();
      stageEnd(context.step, attempt, 'unknown', engineName, {
        problem: stepLost(context.step, found.why),
      });
    }
  };

  const obey = (command: Command): void => {
    switch (command.kind) {
      case 'start':
        begin(command.step, operator);
        return;
      case 'cancel':
        active?.cancel.abort();
        return;
      case 'confirm':
        stageEnd(stepOf(command.step), attemptsOf(command.step), 'succeeded', operator, {
          captures: resultIn(state(), command.step)?.captures ?? {},
        });
        break;
      case 'answer': {
        const answer =
          typeof command.answer === 'string' ? options.redactText(command.answer) : command.answer;
        stageEnd(stepOf(command.step), attemptsOf(command.step), 'succeeded', operator, { answer });
        break;
      }
      case 'fail':
        stageEnd(stepOf(command.step), attemptsOf(command.step), 'failed', operator, {
          problem: declaredFailed(stepOf(command.step), options.redactText(command.reason)),
        });
        break;
      case 'tick':
        stage({
          kind: 'task.ticked',
          step: command.step,
          task: command.task,
          done: command.done,
          by: operator,
        });
        break;
      case 'skip':
        stage({
          kind: 'step.skipped',
          step: command.step,
          cause: 'person',
          reason: options.redactText(command.reason),
          by: operator,
        });
        break;
      case 'resolve': {
        const proof =
          command.as === 'succeeded' ? proofOf(stepOf(command.step), state(), {}) : null;
        stage({
          kind: 'step.resolved',
          step: command.step,
          attempt: attemptsOf(command.step),
          as: command.as,
          reason: options.redactText(command.reason),
          by: operator,
          proves: proof?.proves ?? [],
          recoveryPoint: proof?.recoveryPoint ?? null,
        });
        if (proof) declareAfter(stepOf(command.step), operator);
        break;
      }
      case 'note':
        stage({
          kind: 'note.added',
          step: command.step,
          text: options.redactText(command.text),
          by: operator,
        });
        break;
      case 'pace':
        stage({ kind: 'run.paced', auto: command.auto, allow: command.allow, by: operator });
        break;
      case 'declare':
        stage({ kind: 'run.declared', at: new Date().toISOString(), by: operator });
        break;
      case 'abort':
        if (active) {
          aborting = options.redactText(command.reason);
          active.cancel.abort();
          return;
        }
        stage({
          kind: 'run.ended',
          outcome: 'aborted',
          reason: options.redactText(command.reason),
          by: operator,
        });
    }
    // A command is answered only when it is on disk, also while another step runs.
    commit();
    advance();
  };

  /** Runs `work`; when the record cannot be written, the drive stops and nothing recorded is lost. */
  const guarded = (work: () => void) => (): void => {
    try {
      work();
    } catch (error) {
      stop(toProblem(error));
    }
  };

  for (const body of options.opening) stage(body);
  commit();
  // After the caller's own continuations, so that nothing is published before it can listen. No
  // command may come in between: it would be taken for what an earlier process left.
  const opened = new Promise<void>((resolve) => {
    setImmediate(() => {
      guarded(() => {
        recover();
        advance();
      })();
      resolve();
    });
  });

  return {
    state,
    async command(command) {
      await opened;
      if (isStopped) throw new MusterError(notDrivenHere(run));
      const problem = refuse(state(), runbook, command);
      if (problem) throw new MusterError(problem);
      if (wake) clearTimeout(wake);
      obey(command);
    },
    async release() {
      await opened;
      isStopped = true;
      if (wake) clearTimeout(wake);
      releasing.abort();
      await active?.done;
    },
  };
}

function discard(dir: string): void {
  try {
    rmSync(dir, { recursive: true, force: true });
  } catch {
    // Left-over files harm nothing; they go with the run's folder at its end.
  }
}

function resultIn(state: RunState, id: string): ActResult | null {
  return state.steps.find((step) => step.id === id)?.attempts.at(-1)?.result ?? null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
