import type { Problem } from '../problem.ts';
import type { Runbook } from '../runbook/model.ts';
import { agenda, type Decision, isContainer, needsOf } from './agenda.ts';
import { refuseAnswer } from './answer.ts';
import { guardedTarget } from './care.ts';
import type { Command } from './commands.ts';
import { foremost } from './decide.ts';
import { stepNamed } from './places.ts';
import * as no from './refusals.ts';
import { isMachine, specOf } from './specs.ts';
import type { RunState, StepState } from './state.ts';
import { isUndo } from './step-ids.ts';
import { canUndo } from './undo.ts';

/** Why `command` is not permitted now, or null when it is. A note is permitted as long as the record is here. */
export function refuse(state: RunState, runbook: Runbook, command: Command): Problem | null {
  // Not even a note: what is added here would not be in the record that goes on elsewhere.
  if (state.handedOver !== null) return no.runHandedOver(state.handedOver.to);
  if (command.kind === 'note') return null;
  if (state.ended !== null) return no.runEnded();
  if ('reason' in command && command.reason?.trim() === '') return no.reasonMissing();
  switch (command.kind) {
    case 'pace':
      return null;
    case 'abort':
      return state.undo?.ends === true && command.undo ? no.undoUnderWay() : null;
    case 'declare':
      return state.declaredAt === null ? null : no.declaredTwice();
    case 'pause':
      return state.paused === null ? null : no.pausedTwice();
    case 'resume':
      return state.paused === null ? no.notPaused() : null;
    default:
      return refuseForStep(state, runbook, command);
  }
}

type StepCommand = Exclude<
  Command,
  { kind: 'note' | 'pace' | 'abort' | 'declare' | 'pause' | 'resume' }
>;

function refuseForStep(state: RunState, runbook: Runbook, command: StepCommand): Problem | null {
  const step = stepNamed(state, command.step)?.step;
  if (!step) return no.noSuchStep(command.step);
  switch (command.kind) {
    case 'start':
      return refuseStart(state, runbook, step) ?? refuseUnconfirmed(state, runbook, step, command);
    case 'skip':
      return refuseSkip(step);
    case 'reopen':
      return refuseReopen(step);
    case 'undo':
      return refuseUndo(state, runbook, step);
    case 'cancel':
      return step.status === 'running' && !isContainer(step) ? null : no.notRunning(step);
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
      if (needsOf(step) === 'approval') return no.needsApproval(step);
      return needsOf(step) === 'answer' ? no.needsAnswer(step) : null;
    case 'answer': {
      if (step.status !== 'waiting' || step.does !== 'ask') return no.notWaiting(step, 'answer');
      if (needsOf(step) === 'tasks') return no.openItems(step, 'Tick what is done, then answer.');
      const action = specOf(runbook, step.id)?.action;
      return action?.kind === 'ask' ? refuseAnswer(action, command.answer) : null;
    }
    case 'approve':
      if (step.status !== 'waiting' || step.does !== 'approve') {
        return no.notWaiting(step, 'approve');
      }
      return needsOf(step) === 'tasks'
        ? no.openItems(step, 'Tick what is done, then approve.')
        : null;
  }
}

/** Only a step that has its turn may be started or tried again. */
function refuseStart(state: RunState, runbook: Runbook, step: StepState): Problem | null {
  const decisions = agenda(state, runbook);
  const isNext = decisions.some(
    (next) => (next.kind === 'act' || next.kind === 'failed') && next.step === step.id,
  );
  if (isNext) return null;
  if (state.paused !== null) return no.runPaused();
  if (step.status === 'running') return no.startedTwice(step);
  if (step.status === 'unknown') return no.resolveFirst(step, 'started again');
  if (step.status === 'waiting') return no.waitsForYou(step);
  return no.outOfTurn(step, turnOf(state, foremost(decisions)), 'started');
}

/** A step with risk on a critical target runs only for somebody who gave that target's name. */
function refuseUnconfirmed(
  state: RunState,
  runbook: Runbook,
  step: StepState,
  { confirmed }: Extract<Command, { kind: 'start' }>,
): Problem | null {
  if (!isMachine(step.does)) return null;
  const name = guardedTarget(state, specOf(runbook, step.id), step.risk);
  return name === null || confirmed === name ? null : no.notConfirmed(step, name);
}

/** What was not begun, or came to no good end, may be left out; `reopen` gives it its turn again. */
function refuseSkip(step: StepState): Problem | null {
  if (step.status === 'running') return no.skipOfRunning(step);
  if (step.status === 'unknown') return no.resolveFirst(step, 'skipped');
  const open = ['pending', 'waiting', 'failed', 'cancelled'].includes(step.status);
  return open ? null : no.alreadyOver(step, 'skipped');
}

function refuseReopen(step: StepState): Problem | null {
  if (isUndo(step.id) || isContainer(step)) return no.notReopened(step);
  const isOver = ['succeeded', 'skipped', 'failed', 'cancelled'].includes(step.status);
  return isOver ? null : no.notOver(step);
}

function refuseUndo(state: RunState, runbook: Runbook, step: StepState): Problem | null {
  const isUnderWay = state.undo?.steps.some((id) => {
    const status = stepNamed(state, id)?.step.status;
    return status !== undefined && status !== 'succeeded' && status !== 'skipped';
  });
  if (isUnderWay) return no.undoUnderWay();
  return canUndo(state, runbook, step) ? null : no.nothingToUndo(step);
}

function turnOf(state: RunState, next: Decision): StepState | null {
  return 'step' in next ? (stepNamed(state, next.step)?.step ?? null) : null;
}
