import { rmSync } from 'node:fs';
import { MusterError, type Problem, toProblem } from '../core/problem.ts';
import { agenda, type Decision } from '../core/run/agenda.ts';
import type { Command } from '../core/run/commands.ts';
import type { EventBody, RunEvent } from '../core/run/events.ts';
import { itemOutline } from '../core/run/outline.ts';
import { stepNamed } from '../core/run/places.ts';
import { refuse } from '../core/run/refuse.ts';
import { engineName } from '../core/run/retry.ts';
import { specOf } from '../core/run/specs.ts';
import type { RunState, StepState } from '../core/run/state.ts';
import { remaining } from '../core/run/undo.ts';
import type { Runbook, Step } from '../core/runbook/model.ts';
import type { Store } from '../store/open.ts';
import type { InteractiveHost, OutputChunk, StepProgress } from './api.ts';
import { createAttemptContexts } from './attempt-contexts.ts';
import { CLOCK_LOOK_MS, type Clocks, compareClocks } from './clock-watch.ts';
import { createEndings } from './endings.ts';
import { callRefused, listUnreadable, notDrivenHere, runOverran, stepLost } from './failures.ts';
import { createJournal } from './journal.ts';
import { discardAllButKept } from './kept-before.ts';
import { obey } from './obey.ts';
import type { Kept } from './output.ts';
import type { Patiently } from './patience.ts';
import type { ApprovalCheck } from './people/check.ts';
import type { ActContext, Acted, Lost, Released } from './steps/kind.ts';
import { type MachineAction, machineKindOf } from './steps/registry.ts';
import type { Preview } from './steps/structured.ts';
import { previewOf } from './steps/structured-machine.ts';
import type { RunValues } from './values.ts';

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
  values: RunValues;
  interactive: InteractiveHost | null;
  clocks(): Clocks;
  /** Says whether an approval is one; see `approvals`. */
  approve: ApprovalCheck;
  notify(notification: { title: string; text: string }): void;
  /** For all that is written when nobody has just asked for it. */
  patiently: Patiently;
  onEvents(events: RunEvent[]): void;
  onOutput(chunk: OutputChunk): void;
  onProgress(progress: StepProgress): void;
  /** The run rests or has ended, and all of it is recorded. */
  onRest(): void;
  /** Called once: the run ended (null) or could not be recorded any more. */
  onStop(problem: Problem | null): void;
}

export interface Runner {
  state(): RunState;
  command(command: Command): Promise<void>;
  /**
   * What this step would do if it ran now, without secrets; null where Muster cannot know that, as
   * of a shell command.
   */
  preview(step: string): Promise<Preview | null>;
  /** Puts an event on disk that comes from beside the run's course, such as an attached file. */
  record(body: EventBody): void;
  /** Lets go: what runs goes on. Resolves when nothing is watched any more. */
  release(): Promise<void>;
}

/** An attempt that is under way. */
interface Active {
  cancel: AbortController;
  done: Promise<void>;
}

/**
 * Drives one run: ask what may happen next, append, act, append, again. An effect is never without
 * the event that announced it, and a state that the surface saw is on disk.
 */
export function createRunner(options: RunnerOptions): Runner {
  const { store, run, runbook, operator, values } = options;
  const releasing = new AbortController();
  const active = new Map<string, Active>();
  const journal = createJournal(options);
  const { state, stage } = journal;
  let aborting: { reason: string; undo: boolean } | null = null;
  let wake: NodeJS.Timeout | null = null;
  let overrun: NodeJS.Timeout | null = null;
  let isStopped = false;
  let watching: NodeJS.Timeout | null = null;
  let clocks = options.clocks();

  const stop = (problem: Problem | null): void => {
    if (isStopped) return;
    isStopped = true;
    rest();
    releasing.abort();
    options.onStop(problem);
  };

  /** No timer of this drive goes off any more. */
  const rest = (): void => {
    if (wake) clearTimeout(wake);
    if (overrun) clearTimeout(overrun);
    if (watching) clearInterval(watching);
  };

  /** Does all of `work` or nothing: what it staged and did not commit is forgotten when it throws. */
  const whole = (work: () => void): void => {
    const before = new Map(active);
    const wasAborting = aborting;
    const lastClocks = clocks;
    try {
      work();
    } catch (error) {
      for (const [id, attempt] of before) active.set(id, attempt);
      aborting = wasAborting;
      clocks = lastClocks;
      journal.rollBack();
      throw error;
    }
  };

  /**
   * The same for work that nobody waits for: later while the database is locked. When the record
   * cannot be written, the drive stops and nothing recorded is lost.
   */
  const carryOn = (work: () => void): Promise<void> =>
    options
      .patiently(() => whole(work), releasing.signal)
      .catch((error: unknown) => stop(toProblem(error)));

  const stepState = (id: string): StepState => {
    const found = stepNamed(state(), id)?.step;
    if (!found) throw new Error(`No step ${id} in run ${run}`);
    return found;
  };

  const specFor = (id: string): Step => {
    const spec = specOf(runbook, id);
    if (!spec) throw new Error(`No step ${id} in the runbook of run ${run}`);
    return spec;
  };

  const endings = createEndings({ journal, runbook, store, values, operator, run });
  const contexts = createAttemptContexts({ ...options, state, specFor, release: releasing.signal });

  /**
   * Records what happened to the clocks since they were last compared. Before anything is decided
   * or stamped: a clock that jumped must make nothing early, and no end look late.
   */
  const noteClocks = (): void => {
    if (state().ended !== null) return;
    const now = options.clocks();
    const { jumpedMs, sleptMs } = compareClocks(clocks, now);
    clocks = now;
    if (sleptMs !== 0) stage({ kind: 'machine.slept', ms: sleptMs });
    if (jumpedMs !== 0) stage({ kind: 'clock.jumped', ms: jumpedMs });
    if (sleptMs !== 0 || jumpedMs !== 0) watchLimit();
  };

  /** Does all that may happen without a person, up to the next wait or the next effect. */
  const advance = (): void => {
    if (isStopped) return;
    if (wake) clearTimeout(wake);
    wake = null;
    noteClocks();
    for (;;) {
      const decisions = agenda(state(), runbook);
      let isChanged = false;
      for (const decision of decisions) isChanged = record(decision) || isChanged;
      if (isChanged) continue;
      const last = decisions[0];
      if (last?.kind === 'ended') {
        journal.settle();
        if (active.size === 0) end();
        return;
      }
      beginDue(decisions);
      return;
    }
  };

  const end = (): void => {
    discard(options.spool);
    stop(null);
  };

  /** What is only to be written down; true when it was. */
  const record = (decision: Decision): boolean => {
    switch (decision.kind) {
      case 'skip': {
        const { step, cause, reason } = decision;
        stage({ kind: 'step.skipped', step, cause, reason, by: engineName });
        return true;
      }
      case 'begin':
        beginForPerson(decision.step);
        return true;
      case 'expand':
        expand(decision.step, decision.items);
        return true;
      case 'refuse':
        startWith(decision.step);
        endings.fail(decision.step, listUnreadable(stepState(decision.step), decision.reason));
        return true;
      case 'close':
        endings.close(decision.step, decision.outcome);
        return true;
      case 'person':
        // Nothing changes in a rehearsal, so there is nothing to confirm; a question leads the way.
        if (state().mode !== 'rehearsal' || decision.needs === 'answer') return false;
        endings.end(decision.step, 'succeeded', engineName);
        return true;
      case 'finish':
        stage({
          kind: 'run.ended',
          outcome: decision.outcome,
          reason: state().undo?.ends ? (state().undo?.reason ?? null) : null,
          by: engineName,
          ...(decision.outcome === 'aborted' ? { remains: remaining(state()) } : {}),
        });
        return true;
      default:
        return false;
    }
  };

  const startWith = (id: string, by = engineName, inputs?: Record<string, string>): number => {
    const attempt = stepState(id).attempts.length + 1;
    stage({ kind: 'step.started', step: id, attempt, by, ...(inputs ? { inputs } : {}) });
    return attempt;
  };

  const beginForPerson = (id: string): void => {
    if (stepState(id).does !== 'call') {
      startWith(id);
      return;
    }
    const inputs = values.ofCall(state(), id);
    if (inputs.ok) {
      const attempt = stepState(id).attempts.length + 1;
      stage({ kind: 'step.started', step: id, attempt, by: engineName, inputs: inputs.values });
      return;
    }
    startWith(id);
    endings.fail(id, callRefused(stepState(id), inputs.why));
  };

  const expand = (id: string, items: string[]): void => {
    const list = stepState(id);
    const spec = specFor(id);
    stage({
      kind: 'step.expanded',
      step: id,
      attempt: list.attempts.length + 1,
      name: spec.each?.name ?? '',
      items,
      outline: itemOutline(runbook, list, spec, items),
      by: engineName,
    });
  };

  /** Begins what is due, and comes back when the next one is. */
  const beginDue = (decisions: readonly Decision[]): void => {
    const automatic = decisions.filter((next) => next.kind === 'act' && next.automatic);
    const due: string[] = [];
    let soonest = Number.POSITIVE_INFINITY;
    for (const next of automatic) {
      if (next.kind !== 'act' || active.has(next.step)) continue;
      const wait = (next.after ?? 0) - journal.now();
      if (wait <= 0) due.push(next.step);
      else soonest = Math.min(soonest, wait);
    }
    if (due.length > 0) begin(due, engineName);
    else journal.settle();
    // A look at least every minute: the wall clock may be set back meanwhile.
    if (soonest < Number.POSITIVE_INFINITY) {
      wake = setTimeout(() => void carryOn(advance), Math.min(soonest, 60_000));
    }
  };

  /** Begins the machine part of steps: the intent of all is on disk before anything runs. */
  const begin = (ids: readonly string[], by: string): void => {
    const begun = ids.map((id) => {
      const attempt = startWith(id, by);
      const cancel = new AbortController();
      return { cancel, context: contexts.of(id, attempt, cancel.signal) };
    });
    journal.commit();
    for (const { cancel, context } of begun) {
      attend(context, cancel, machineKindOf(context.action).act(context));
    }
  };

  const attend = (
    context: ActContext<MachineAction>,
    cancel: AbortController,
    acted: Promise<Acted | Lost | Released>,
  ): void => {
    const done = acted
      .then(async (end) => {
        if ('kind' in end && end.kind === 'released') return;
        const kept = await context.sink.finish();
        await options.patiently(() => whole(() => conclude(context, end, kept)), releasing.signal);
      })
      .catch((error: unknown) => stop(toProblem(error)));
    active.set(context.id, { cancel, done });
  };

  /** Records what an attempt came to and goes on. */
  const conclude = (context: ActContext<MachineAction>, end: Acted | Lost, kept: Kept): void => {
    active.delete(context.id);
    noteClocks();
    if ('kind' in end) endings.unknown(context.id, stepLost(context.step, end.why));
    else endings.acted(context, end, kept);
    if (aborting !== null && active.size === 0) {
      const { reason, undo } = aborting;
      aborting = null;
      endings.abort(reason, undo);
    }
    advance();
    // What the files held is in the store now, committed with the events above; but of an attempt whose
    // end is not known only its folder knows what it kept.
    if ('kind' in end) discardAllButKept(context.dir);
    else discard(context.dir);
  };

  /** Finds out what became of the steps that were running when an earlier process stopped. */
  const recover = (): void => {
    for (const { id, attempts } of state().steps.filter(isMachineRunning)) {
      const attempt = attempts.length;
      const cancel = new AbortController();
      const context = contexts.of(id, attempt, cancel.signal);
      const found = machineKindOf(context.action).recover(context);
      if (found.kind === 'goes-on') attend(context, cancel, found.acted);
      else if (found.kind === 'lost') attend(context, cancel, Promise.resolve(found));
      else {
        endings.end(id, found.kind, engineName);
        discardAllButKept(context.dir);
      }
    }
  };

  const isMachineRunning = ({ status, does }: StepState): boolean =>
    status === 'running' && (does === 'shell' || does === 'action');

  const abort = (reason: string, undo: boolean): void => {
    if (active.size === 0) {
      endings.abort(reason, undo);
      return;
    }
    aborting = { reason, undo };
    for (const { cancel } of active.values()) cancel.abort();
  };

  /** What carrying out a permitted command writes down. Throws MusterError where it is refused. */
  const prepared = async (command: Exclude<Command, { kind: 'cancel' }>): Promise<() => void> => {
    if (command.kind === 'start') {
      const { does } = stepState(command.step);
      return does === 'shell' || does === 'action'
        ? () => begin([command.step], operator)
        : () => endings.startAgain(command.step);
    }
    if (command.kind === 'abort') {
      return () => abort(values.redact(command.reason), command.undo);
    }
    const desk = { journal, runbook, endings, values, operator, approve: options.approve };
    return obey(command, desk);
  };

  /** A run that takes longer than its runbook allows begins nothing more until a person says so. */
  const watchLimit = (): void => {
    const { created, createdAt, overran } = state();
    const limit = created.timeoutMs;
    if (overrun) clearTimeout(overrun);
    if (limit === undefined || overran || isStopped) return;
    // The time that was set is none that passed; sleep is.
    const left = Date.parse(createdAt) + limit - (journal.now() - state().shiftMs);
    overrun = setTimeout(
      () => {
        if (left > LONGEST_TIMER_MS) {
          watchLimit();
          return;
        }
        void carryOn(() => {
          const reason = runOverran(limit);
          stage({ kind: 'run.paused', cause: 'timeout', reason, by: engineName });
          advance();
        });
      },
      Math.max(0, Math.min(left, LONGEST_TIMER_MS)),
    );
    overrun.unref();
  };

  const watch = (): void => {
    watchLimit();
    watching = setInterval(() => {
      const { jumpedMs, sleptMs } = compareClocks(clocks, options.clocks());
      if (jumpedMs !== 0 || sleptMs !== 0) void carryOn(advance);
      // What is too small to notice in one look adds up to nothing.
      else clocks = options.clocks();
    }, CLOCK_LOOK_MS);
    watching.unref();
  };

  for (const body of options.opening) stage(body);
  journal.commit();
  // After the caller's own continuations, so that nothing is published before it can listen. No
  // command may come in between: it would be taken for what an earlier process left.
  const opened = new Promise<void>((resolve) => {
    setImmediate(() => {
      void carryOn(() => {
        recover();
        advance();
      }).then(() => {
        if (!isStopped) watch();
        resolve();
      });
    });
  });

  return {
    state,
    async command(command) {
      await opened;
      if (isStopped) throw new MusterError(notDrivenHere(run));
      const problem = refuse(state(), runbook, command);
      if (problem) throw new MusterError(problem);
      if (command.kind === 'cancel') {
        active.get(command.step)?.cancel.abort();
        return;
      }
      // What has to be looked at first is; then all of the command is written, or nothing.
      const write = await prepared(command);
      // A command is answered only when it is on disk, also while another step runs.
      whole(() => {
        noteClocks();
        write();
        journal.commit();
      });
      void carryOn(advance);
    },
    async preview(id) {
      await opened;
      if (isStopped) throw new MusterError(notDrivenHere(run));
      const { action } = specFor(id);
      if (action?.kind !== 'structured') return null;
      const around = contexts.forPreview(id);
      if (around === null) return null;
      const { text, detail, problem } = await previewOf({ ...around, action });
      discard(around.dir);
      return {
        text: values.redact(text),
        detail: detail === null ? null : values.redact(detail),
        problem: problem && values.redactProblem(problem),
      };
    },
    record(body) {
      if (isStopped) throw new MusterError(notDrivenHere(run));
      whole(() => {
        stage(body);
        journal.commit();
      });
    },
    async release() {
      isStopped = true;
      rest();
      releasing.abort();
      await opened;
      await Promise.all([...active.values()].map(({ done }) => done));
    },
  };
}

/** The longest time that a timer of the system can wait, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function discard(dir: string): void {
  try {
    rmSync(dir, { recursive: true, force: true });
  } catch {
    // Left-over files harm nothing; they go with the run's folder at its end.
  }
}
