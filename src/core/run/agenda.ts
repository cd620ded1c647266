import type { Phase, Risk, Runbook, Step } from '../runbook/model.ts';
import { guardedTarget } from './care.ts';
import { whyNot } from './condition.ts';
import { itemsIn } from './items.ts';
import { indexesOf, itemNodes, type Node, nodesOf, noPhase, undoNodes } from './nodes.ts';
import { stepNamed } from './places.ts';
import {
  isBetweenLooks,
  lookAgainAt,
  mayRetryByItself,
  retriesSomething,
  retryAt,
  runsByItself,
} from './retry.ts';
import { isMachine, specOf } from './specs.ts';
import type { RunState, StepState } from './state.ts';
import { isUndo, itemNumber, scopeOf } from './step-ids.ts';
import { valuesOf } from './values.ts';

/** One thing that may happen next in a run. */
export type Decision =
  /**
   * The action of `step` is next. `automatic`: the engine runs it, not before `after` (ms since the
   * epoch; null: now). Otherwise it waits for a person, and `because` says why. `retry` marks a try
   * after a failure, `look` another look of a step that waits for something.
   */
  | {
      kind: 'act';
      step: string;
      automatic: boolean;
      because: 'step-mode' | 'unreviewed' | 'interactive' | 'risk' | 'retry' | 'look' | null;
      after: number | null;
    }
  /** `step` is not to be done: the engine records the skip. */
  | { kind: 'skip'; step: string; cause: 'condition' | 'needs'; reason: string }
  /** A step for a person, or one that calls a runbook, is next: the engine records that it began. */
  | { kind: 'begin'; step: string }
  /** The step of a list is next: the engine records its items. */
  | { kind: 'expand'; step: string; items: string[] }
  /** The list of `step` cannot be read: the engine records that it failed. */
  | { kind: 'refuse'; step: string; reason: string }
  /** All that belongs to `step` has its end: the engine records the step's. */
  | { kind: 'close'; step: string; outcome: 'succeeded' | 'failed' }
  /** `step` waits for a person. */
  | { kind: 'person'; step: string; needs: 'tasks' | 'answer' | 'approval' | 'confirm' }
  | { kind: 'running'; step: string }
  /** `step` failed or was cancelled and holds the run until it is retried, skipped or the run aborted. */
  | { kind: 'failed'; step: string }
  | { kind: 'unknown'; step: string }
  /** Nothing begins until a person resumes the run. */
  | { kind: 'paused' }
  /** Every step has its end: the engine records the run's. */
  | { kind: 'finish'; outcome: 'succeeded' | 'failed' | 'aborted' }
  /** Nothing happens any more; `handed-over`: not here. */
  | { kind: 'ended'; because: 'ended' | 'handed-over' };

/**
 * All that may happen next, in document order; never empty. Steps follow each other in order,
 * within a parallel phase they stand side by side up to its limit, and so do the items of a list.
 * Pure and total: every state of every runbook has an answer.
 */
export function agenda(state: RunState, runbook: Runbook): Decision[] {
  if (state.ended !== null) return [{ kind: 'ended', because: 'ended' }];
  if (state.handedOver !== null) return [{ kind: 'ended', because: 'handed-over' }];
  const walk = new Walk(state, runbook);
  const isDone = walk.all();
  const { found } = walk;
  if (isDone && found.length === 0) return [{ kind: 'finish', outcome: walk.outcome() }];
  if (state.paused !== null) return [{ kind: 'paused' }, ...found.filter(goesOnPaused)];
  if (found.length > 0) return found;
  // Steps that wait for each other in a circle would wait for ever.
  const stuck = state.steps.find(({ status, id }) => status === 'pending' && !isUndo(id));
  return stuck
    ? [{ kind: 'skip', step: stuck.id, cause: 'needs', reason: 'It needs steps that wait for it.' }]
    : [{ kind: 'finish', outcome: walk.outcome() }];
}

function goesOnPaused(decision: Decision): boolean {
  return ['running', 'person', 'unknown'].includes(decision.kind);
}

/** How much of a place is over. */
type Progress = 'done' | 'open';

class Walk {
  readonly found: Decision[] = [];
  readonly #state: RunState;
  readonly #runbook: Runbook;

  constructor(state: RunState, runbook: Runbook) {
    this.#state = state;
    this.#runbook = runbook;
  }

  /** The whole run; true when nothing is left to do. */
  all(): boolean {
    const { undo, steps } = this.#state;
    if (undo !== null) {
      const open = this.#sequence(undoNodes(this.#runbook, undo.steps)) === 'open';
      if (open || undo.ends) {
        // What still runs of the steps themselves comes to its end beside it.
        for (const step of steps) {
          const isOver = step.status !== 'running' && step.status !== 'unknown';
          if (!isOver && !isUndo(step.id) && !isContainer(step)) this.#leftOver(step);
        }
        return !open;
      }
    }
    if (this.#phases(this.#runbook.phases, '') === 'open') return false;
    return this.#sequence(this.#strangers()) === 'done';
  }

  /** Steps of the run that the runbook does not have, because it is another one: left to a person. */
  #strangers(): Node[] {
    return this.#state.steps
      .filter(({ id, status }) => status !== 'succeeded' && status !== 'skipped' && !isUndo(id))
      .filter(({ id }) => specOf(this.#runbook, id) === null)
      .map(({ id }) => ({ id, spec: null, phase: noPhase }));
  }

  outcome(): 'succeeded' | 'failed' | 'aborted' {
    if (this.#state.undo?.ends === true) return 'aborted';
    const failed = this.#state.steps.some(({ id, status }) => status === 'failed' && !isUndo(id));
    return failed ? 'failed' : 'succeeded';
  }

  /** `call`: the step whose runbook these phases are; empty for the run's own. */
  #phases(phases: readonly Phase[], call: string): Progress {
    for (const phase of phases) {
      const nodes = nodesOf(phase, call);
      const progress =
        phase.parallel > 1 ? this.#parallel(nodes, phase.parallel) : this.#sequence(nodes);
      if (progress === 'open') return 'open';
    }
    return 'done';
  }

  #sequence(nodes: readonly Node[]): Progress {
    const { steps } = this.#state;
    const indexes = indexesOf(this.#state, nodes);
    for (let place = 0; place < nodes.length; place += 1) {
      const step = steps[indexes[place] ?? -1];
      const node = nodes[place];
      if (!step || !node || isSettled(step)) continue;
      if (this.#visit(step, node) === 'open') return 'open';
    }
    return 'done';
  }

  #parallel(nodes: readonly Node[], limit: number): Progress {
    const { steps } = this.#state;
    const indexes = indexesOf(this.#state, nodes);
    let progress: Progress = 'done';
    // Those under way come first: they take the places.
    let places = limit;
    for (const index of indexes) {
      const step = steps[index];
      if (step && isUnderWay(step)) places -= 1;
    }
    for (let place = 0; place < nodes.length; place += 1) {
      const step = steps[indexes[place] ?? -1];
      const node = nodes[place];
      if (!step || !node || isSettled(step)) continue;
      const isBegun = isUnderWay(step);
      if (!isBegun && places <= 0 && step.status === 'pending') {
        progress = 'open';
        continue;
      }
      const before = this.found.length;
      if (this.#visit(step, node) === 'done') continue;
      progress = 'open';
      const isHeld = this.found.slice(before).every(({ kind }) => kind === 'failed');
      if (!isBegun && !isHeld) places -= 1;
    }
    return progress;
  }

  #visit(step: StepState, node: Node): Progress {
    switch (step.status) {
      case 'succeeded':
      case 'skipped':
        return 'done';
      case 'pending':
        return this.#pending(step, node);
      case 'running':
        return this.#running(step, node);
      case 'waiting':
        return this.#say({ kind: 'person', step: step.id, needs: needsOf(step) });
      case 'unknown':
        return this.#say({ kind: 'unknown', step: step.id });
      case 'failed':
        return this.#failed(step, node);
      case 'cancelled':
        return this.#say({ kind: 'failed', step: step.id });
    }
  }

  #failed(step: StepState, { spec }: Node): Progress {
    if (spec && this.#retriesByItself(step, spec)) {
      const after = retryAt(this.#state, step, spec);
      return this.#act(step, true, 'retry', after);
    }
    // What is in it was decided already.
    if (isContainer(step) && step.attempts.at(-1)?.problem === null) return 'done';
    const goesOn = isUndo(step.id) ? this.#state.auto : spec?.continueOnError;
    return goesOn ? 'done' : this.#say({ kind: 'failed', step: step.id });
  }

  #pending(step: StepState, node: Node): Progress {
    const { spec, phase } = node;
    const { id } = step;
    if (spec !== null) {
      const reason = isBetweenLooks(step) ? null : whyNot(this.#state, id, spec, phase);
      if (reason !== null) return this.#say({ kind: 'skip', step: id, cause: 'condition', reason });
      const need = this.#need(id, spec);
      if (need === 'wait') return 'open';
      if (need !== null) return this.#say({ kind: 'skip', step: id, cause: 'needs', reason: need });
      if (spec.each !== null && itemNumber(id) === null) return this.#expand(step, spec);
    }
    if (!isMachine(step.does)) return this.#say({ kind: 'begin', step: id });
    if (spec !== null && isBetweenLooks(step) && runsByItself(spec)) {
      return this.#act(step, true, 'look', lookAgainAt(this.#state, step, spec));
    }
    if (spec !== null && this.#retriesByItself(step, spec)) {
      return this.#act(step, true, 'retry', retryAt(this.#state, step, spec));
    }
    const because = whyAPerson(this.#state, step, spec);
    return this.#act(step, because === null, because, null);
  }

  /** A failed step is tried again unless a person has to answer for each try. */
  #retriesByItself(step: StepState, spec: Step): boolean {
    return mayRetryByItself(step, spec) && guardedTarget(this.#state, spec, step.risk) === null;
  }

  #expand(step: StepState, spec: Step): Progress {
    const items = spec.each ? itemsIn(spec.each, valuesOf(this.#state, step.id)) : [];
    if (typeof items !== 'string') return this.#say({ kind: 'expand', step: step.id, items });
    // A rehearsal captures nothing, so it cannot know what the list will be.
    if (this.#state.mode === 'rehearsal') {
      return this.#say({ kind: 'expand', step: step.id, items: [] });
    }
    return this.#say({ kind: 'refuse', step: step.id, reason: items });
  }

  /** Null when all that it needs succeeded, `wait` when something may yet, else why never. */
  #need(id: string, spec: Step): string | null {
    const scope = scopeOf(id);
    let waits = false;
    for (const need of spec.needs) {
      const other = stepNamed(this.#state, scope === '' ? need : `${scope}/${need}`)?.step;
      if (!other || other.status === 'succeeded') continue;
      if (other.status === 'skipped') return `It needs "${other.title}", which was skipped.`;
      const otherSpec = specOf(this.#runbook, other.id);
      const isOver =
        other.status === 'failed' &&
        (isContainer(other) || otherSpec?.continueOnError === true) &&
        !(otherSpec && this.#retriesByItself(other, otherSpec));
      if (isOver) return `It needs "${other.title}", which failed.`;
      waits = true;
    }
    return waits ? 'wait' : null;
  }

  #running(step: StepState, { spec }: Node): Progress {
    const { id } = step;
    if (step.loop !== null) {
      const nodes = itemNodes(id, step.loop, spec);
      const limit = spec?.each?.limit ?? 1;
      const progress = limit > 1 ? this.#parallel(nodes, limit) : this.#sequence(nodes);
      return progress === 'open' ? 'open' : this.#close(step);
    }
    const called = step.does === 'call' && spec ? this.#runbook.called[spec.id] : undefined;
    if (called) {
      return this.#phases(called.phases, id) === 'open' ? 'open' : this.#close(step);
    }
    if (step.does === 'call') return this.#close(step);
    return this.#say({ kind: 'running', step: id });
  }

  #close(step: StepState): Progress {
    const inside = [`${step.id}[`, `${step.id}/`];
    const failed = this.#state.steps.some(
      ({ id, status }) => status === 'failed' && inside.some((start) => id.startsWith(start)),
    );
    return this.#say({ kind: 'close', step: step.id, outcome: failed ? 'failed' : 'succeeded' });
  }

  #leftOver(step: StepState): void {
    if (step.status === 'running') this.#say({ kind: 'running', step: step.id });
    if (step.status === 'unknown') this.#say({ kind: 'unknown', step: step.id });
  }

  #act(
    step: StepState,
    automatic: boolean,
    because: Extract<Decision, { kind: 'act' }>['because'],
    after: number | null,
  ): Progress {
    return this.#say({ kind: 'act', step: step.id, automatic, because, after });
  }

  #say(decision: Decision): Progress {
    this.found.push(decision);
    return 'open';
  }
}

/** True for most steps of a long run: nothing is to be asked of them. */
function isSettled({ status }: StepState): boolean {
  return status === 'succeeded' || status === 'skipped';
}

function isUnderWay({ status }: StepState): boolean {
  return status === 'running' || status === 'waiting' || status === 'unknown';
}

/** A step that is a place for others. */
export function isContainer(step: StepState): boolean {
  return step.does === 'call' || step.does === 'loop';
}

/** Why the action of a pending step waits for a person, or null when the engine may run it. */
function whyAPerson(
  state: RunState,
  step: StepState,
  spec: Step | null,
): Extract<Decision, { kind: 'act' }>['because'] {
  const action = spec?.action;
  if (retriesSomething(step)) return 'retry';
  if (!action?.reviewed) return 'unreviewed';
  if (action.kind === 'shell' && action.interactive) return 'interactive';
  if (!state.auto) return 'step-mode';
  // A rehearsal changes nothing, whatever the step would do.
  if (state.mode === 'rehearsal') return null;
  if (guardedTarget(state, spec, step.risk) !== null) return 'risk';
  return harm[step.risk] <= harm[state.allow] ? null : 'risk';
}

const harm: Record<Risk, number> = { safe: 0, disruptive: 1, destructive: 2 };

/** What a waiting step needs first. Task items come before the answer or the confirmation. */
export function needsOf(step: StepState): 'tasks' | 'answer' | 'approval' | 'confirm' {
  if (step.ticks.includes(null)) return 'tasks';
  if (step.does === 'ask') return 'answer';
  return step.does === 'approve' ? 'approval' : 'confirm';
}
