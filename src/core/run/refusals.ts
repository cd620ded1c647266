import type { Problem } from '../problem.ts';
import type { StepState } from './state.ts';

/** The words in which Muster says no to a command. Each says what is safe and what to do instead. */

const unchanged = 'Nothing was changed.';

export function runEnded(): Problem {
  return {
    code: 'run-ended',
    what: 'The run has ended, so its steps are closed.',
    safe: 'Its record is complete and kept.',
    next: 'Add a note if something is missing, or start a new run.',
  };
}

export function reasonMissing(): Problem {
  return {
    code: 'reason-missing',
    what: 'This needs a reason, and none was given.',
    safe: unchanged,
    next: 'Say in a few words why; the reason goes into the record.',
  };
}

export function noSuchStep(id: string): Problem {
  return {
    code: 'no-such-step',
    what: `This run has no step "${id}".`,
    safe: unchanged,
    next: 'Choose one of the steps in the list.',
  };
}

export function notConfirmed(step: StepState, target: string): Problem {
  return {
    code: 'target-not-confirmed',
    what: `"${step.title}" is ${step.risk} and acts on "${target}", which is critical, and nobody confirmed that by its name.`,
    safe: 'The step has not begun.',
    next: `Look at what it changes, then confirm it with the name ${target}.`,
  };
}

export function startedTwice(step: StepState): Problem {
  return {
    code: 'step-running',
    what: `"${step.title}" is running already.`,
    safe: 'It goes on; it was not started twice.',
    next: 'Wait for its end, or cancel it.',
  };
}

export function waitsForYou(step: StepState): Problem {
  return {
    code: 'step-waiting',
    what: `"${step.title}" has begun and waits for you.`,
    safe: unchanged,
    next: 'Do what it asks, then confirm it, or say that it failed.',
  };
}

export function skipOfRunning(step: StepState): Problem {
  return {
    code: 'step-running',
    what: `"${step.title}" is running, so it cannot be skipped.`,
    safe: 'It goes on.',
    next: 'Wait for its end, or cancel it first and then skip it.',
  };
}

export function declaredTwice(): Problem {
  return {
    code: 'declared-already',
    what: 'The run was declared already, so its recovery clocks are running.',
    safe: 'The first declaration stays; no clock was reset.',
    next: 'Add a note if the time of the declaration is wrong.',
  };
}

export function openItems(step: StepState, next: string): Problem {
  const open = step.ticks.filter((tick) => tick === null).length;
  const what =
    open === 1
      ? `One item of "${step.title}" is not ticked.`
      : `${open} items of "${step.title}" are not ticked.`;
  return { code: 'items-open', what, safe: 'What was ticked stays ticked.', next };
}

export function needsAnswer(step: StepState): Problem {
  return {
    code: 'answer-missing',
    what: `"${step.title}" asks a question, and it has no answer yet.`,
    safe: unchanged,
    next: 'Answer it.',
  };
}

export function noSuchItem(step: StepState, task: number): Problem {
  return {
    code: 'no-such-item',
    what: `"${step.title}" has no item ${task + 1}.`,
    safe: unchanged,
    next: `Choose one of its ${step.ticks.length} items.`,
  };
}

export function notRunning(step: StepState): Problem {
  return {
    code: 'step-not-running',
    what: `"${step.title}" is not running, so there is nothing to cancel.`,
    safe: unchanged,
    next: 'Look at the step: it may have ended just now.',
  };
}

export function notUnknown(step: StepState): Problem {
  return {
    code: 'step-not-unknown',
    what: `The end of "${step.title}" is known: it is ${words[step.status]}.`,
    safe: unchanged,
    next: 'Go on with the step that is next.',
  };
}

export function resolveFirst(step: StepState, done: string): Problem {
  return {
    code: 'step-unknown',
    what: `Nobody can prove how "${step.title}" ended, so it cannot be ${done} yet.`,
    safe: unchanged,
    next: 'Look at its output and at the system, then say whether it is done, failed or to be retried.',
  };
}

export function notWaiting(step: StepState, verb: string): Problem {
  return {
    code: 'step-not-waiting',
    what: `"${step.title}" is ${words[step.status]}, so there is nothing to ${verb}.`,
    safe: unchanged,
    next: 'Go on with the step that is next.',
  };
}

export function runHandedOver(to: string): Problem {
  return {
    code: 'run-handed-over',
    what: `The run was handed over to ${to}, so it is only read here.`,
    safe: 'Its record up to then is complete and kept.',
    next: `Ask ${to}; what is missing belongs into the record that goes on there.`,
  };
}

export function pausedTwice(): Problem {
  return {
    code: 'run-paused',
    what: 'The run is paused already.',
    safe: unchanged,
    next: 'Resume it when it may go on.',
  };
}

export function runPaused(): Problem {
  return {
    code: 'run-paused',
    what: 'The run is paused, so nothing new begins.',
    safe: 'What runs goes on, and so do the recovery clocks.',
    next: 'Resume the run first.',
  };
}

export function notPaused(): Problem {
  return {
    code: 'run-not-paused',
    what: 'The run is not paused.',
    safe: unchanged,
    next: 'Go on with the step that is next.',
  };
}

export function needsApproval(step: StepState): Problem {
  return {
    code: 'approval-missing',
    what: `"${step.title}" waits for the approval of a second person.`,
    safe: unchanged,
    next: 'Ask somebody else to approve it here with their PIN, or with a file that they sign.',
  };
}

export function alreadyOver(step: StepState, done: string): Problem {
  return {
    code: 'step-over',
    what: `"${step.title}" is ${words[step.status]}, so it cannot be ${done}.`,
    safe: unchanged,
    next: 'Go on with the step that is next.',
  };
}

export function notOver(step: StepState): Problem {
  return {
    code: 'step-not-over',
    what: `"${step.title}" is ${words[step.status]}, so it has its turn already.`,
    safe: unchanged,
    next: 'Go on with the step that is next.',
  };
}

export function notReopened(step: StepState): Problem {
  return {
    code: 'step-not-reopened',
    what: `"${step.title}" is made of other steps, or takes one back, so it is not done anew itself.`,
    safe: unchanged,
    next: 'Choose the step that is to be done again.',
  };
}

export function nothingToUndo(step: StepState): Problem {
  return {
    code: 'nothing-to-undo',
    what:
      step.status === 'succeeded'
        ? `The runbook says nothing that would take back "${step.title}", or it was taken back already.`
        : `"${step.title}" is ${words[step.status]}, so there is nothing to take back.`,
    safe: unchanged,
    next: 'Take it back by hand if you must, and add a note.',
  };
}

export function undoUnderWay(): Problem {
  return {
    code: 'undo-under-way',
    what: 'An undo is under way.',
    safe: 'It goes on from where it is.',
    next: 'Finish or skip its steps first.',
  };
}

/** `turn` is the step that holds the run now; null when none does. */
export function outOfTurn(step: StepState, turn: StepState | null, done: string): Problem {
  return {
    code: 'step-out-of-turn',
    what: `"${step.title}" is ${words[step.status]} and not next, so it cannot be ${done} now.`,
    safe: unchanged,
    next:
      turn && turn.id !== step.id ? `First finish or skip "${turn.title}".` : 'Go on with the run.',
  };
}

/** A status within a sentence. */
const words: Record<StepState['status'], string> = {
  pending: 'not begun',
  running: 'running',
  waiting: 'waiting for you',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
  unknown: 'unknown',
};
