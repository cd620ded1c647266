import type { Problem } from '../problem.ts';
import type { Risk, Runbook } from '../runbook/model.ts';
import { refuseAnswer } from './answer.ts';
import type { Command } from './commands.ts';
import { whyNot } from './condition.ts';
import { stepNamed } from './reduce.ts';
import * as no from './refusals.ts';
import { mayRetryByItself, retriesSomething } from './retry.ts';
import { type StepSpec, specAt } from './specs.ts';
import type { RunState, StepState } from './state.ts';

/** What may happen next in a run: exactly one thing. */
export type Decision =
  /**
   * The action of `step` is next. `automatic`: the engine runs it now. Otherwise it waits for a
   * person, and `because` says why. `retry` marks a try after a failure, automatic or not.
   */
  | {
      kind: 'act';
      step: string;
      automatic: boolean;
      because: 'step-mode' | 'unreviewed' | 'interactive' | 'risk' | 'retry' | null;
    }
  /** The condition of `step` is false: the engine records the skip. */
  | { kind: 'skip'; step: string; reason: string }
  /** A step for a person is next: the engine records that it began. */
  | { kind: 'begin'; step: string }
  /** `step` waits for a person. */
  | { kind: 'person'; step: string; needs: 'tasks' | 'answer' | 'confirm' }
  | { kind: 'running'; step: string }
  /** `step` failed or was cancelled and holds the run until it is retried, skipped or the run aborted. */
  | { kind: 'failed'; step: string }
  | { kind: 'unknown'; step: string }
  /** Every step has its end: the engine records the run's. */
  | { kind: 'finish'; outcome: 'succeeded' | 'failed' }
  | { kind: 'ended' };

/**
 * What may happen next: the first step in document order that has no end decides. Pure and total:
 * every state of every runbook has exactly one answer.
 */
export function decide(state: RunState, runbook: Runbook): Decision {
  if (state.ended !== null) return { kind: 'ended' };
  let outcome: 'succeeded' | 'failed' = 'succeeded';
  for (const [index, step] of state.steps.entries()) {
    if (step.status === 'succeeded' || step.status === 'skipped') continue;
    const spec = specAt(runbook, index, step.id);
    const decision = ofStep(state, step, spec);
    if (decision !== 'go-on') return decision;
    outcome = 'failed';
  }
  return { kind: 'finish', outcome };
}

function ofStep(state: RunState, step: StepState, spec: StepSpec | null): Decision | 'go-on' {
  switch (step.status) {
    case 'pending':
      return ofPending(state, step, spec);
    case 'running':
      return { kind: 'running', step: step.id };
    case 'waiting':
      return { kind: 'person', step: step.id, needs: needsOf(step) };
    case 'unknown':
      return { kind: 'unknown', step: step.id };
    case 'failed':
      if (spec && mayRetryByItself(step, spec.step)) {
        return { kind: 'act', step: step.id, automatic: true, because: 'retry' };
      }
      return spec?.step.continueOnError ? 'go-on' : { kind: 'failed', step: step.id };
    case 'cancelled':
      return { kind: 'failed', step: step.id };
    default:
      return 'go-on';
  }
}

function ofPending(state: RunState, step: StepState, spec: StepSpec | null): Decision {
  const reason = spec && whyNot(state, spec);
  if (reason) return { kind: 'skip', step: step.id, reason };
  if (step.does !== 'shell') return { kind: 'begin', step: step.id };
  if (spec && mayRetryByItself(step, spec.step)) {
    return { kind: 'act', step: step.id, automatic: true, because: 'retry' };
  }
  const because = whyAPerson(state, step, spec);
  return { kind: 'act', step: step.id, automatic: because === null, because };
}

type Because = Extract<Decision, { kind: 'act' }>['because'];

/** Why the action of a pending step waits for a person, or null when the engine may run it. */
function whyAPerson(state: RunState, step: StepState, spec: StepSpec | null): Because {
  const action = spec?.step.action;
  if (retriesSomething(step)) return 'retry';
  if (!action?.reviewed) return 'unreviewed';
  if (action.kind === 'shell' && action.interactive) return 'interactive';
  if (!state.auto) return 'step-mode';
  return harm[step.risk] <= harm[state.allow] ? null : 'risk';
}

const harm: Record<Risk, number> = { safe: 0, disruptive: 1, destructive: 2 };

/** What a waiting step needs first. Task items come before the answer or the confirmation. */
function needsOf(step: StepState): 'tasks' | 'answer' | 'confirm' {
  if (step.ticks.includes(null)) return 'tasks';
  return step.does === 'ask' ? 'answer' : 'confirm';
}

/** Why `command` is not permitted now, or null when it is. A note is always permitted. */
export function refuse(state: RunState, runbook: Runbook, command: Command): Problem | null {
  if (command.kind === 'note') return null;
  if (state.ended !== null) return no.runEnded();
  if ('reason' in command && command.reason.trim() === '') return no.reasonMissing();
  if (command.kind === 'pace' || command.kind === 'abort') return null;
  if (command.kind === 'declare') return state.declaredAt === null ? null : no.declaredTwice();

  const found = stepNamed(state, command.step);
  if (found === null) return no.noSuchStep(command.step);
  const { step, index } = found;
  switch (command.kind) {
    case 'start':
      return refuseStart(state, runbook, step);
    case 'skip':
      return refuseSkip(state, runbook, step);
    case 'cancel':
      return step.status === 'running' ? null : no.notRunning(step);
    case 'resolve':
      return step.status === 'unknown' ? null : no.notUnknown(step);
    case 'fail':
      return step.status === 'waiting' ? null : no.notWaiting(step, 'fail');
    case 'tick':
      if (step.status !== 'waiting') return no.notWaiting(step, 'tick');
      return command.task < step.ticks.length ? null : no.noSuchItem(step, command.task);
    case 'confirm':
      if (step.status !== 'waiting') return no.notWaiting(step, 'confirm');
      if (needsOf(step) === 'tasks') return no.openItems(step, 'Tick what is done, then confirm.');
      return needsOf(step) === 'answer' ? no.needsAnswer(step) : null;
    case 'answer': {
      if (step.status !== 'waiting' || step.does !== 'ask') return no.notWaiting(step, 'answer');
      if (needsOf(step) === 'tasks') return no.openItems(step, 'Tick what is done, then answer.');
      const action = specAt(runbook, index, step.id)?.step.action;
      return action?.kind === 'ask' ? refuseAnswer(action, command.answer) : null;
    }
  }
}

/** In this version only the step whose turn it is may be started or tried again. */
function refuseStart(state: RunState, runbook: Runbook, step: StepState): Problem | null {
  const next = decide(state, runbook);
  if ((next.kind === 'act' || next.kind === 'failed') && next.step === step.id) return null;
  if (step.status === 'running') return no.startedTwice(step);
  if (step.status === 'unknown') return no.resolveFirst(step, 'started again');
  if (step.status === 'waiting') return no.waitsForYou(step);
  return no.outOfTurn(step, turnOf(state, next), 'started');
}

/** Nothing can be un-skipped in this version, so only the step whose turn it is may be skipped. */
function refuseSkip(state: RunState, runbook: Runbook, step: StepState): Problem | null {
  if (step.status === 'running') return no.skipOfRunning(step);
  if (step.status === 'unknown') return no.resolveFirst(step, 'skipped');
  const next = decide(state, runbook);
  const turn = turnOf(state, next);
  return turn?.id === step.id ? null : no.outOfTurn(step, turn, 'skipped');
}

function turnOf(state: RunState, next: Decision): StepState | null {
  return 'step' in next ? (stepNamed(state, next.step)?.step ?? null) : null;
}
