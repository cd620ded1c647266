import type { Problem } from '../core/problem.ts';
import type { Finding, Step } from '../core/runbook/model.ts';
import { formatDuration } from '../core/units.ts';

/** The ways a step or a run can fail, in the words that the operator reads. */

export function exited(step: Step, exitCode: number | null): Problem {
  const how = exitCode === null ? 'was ended by a signal' : `ended with exit code ${exitCode}`;
  return {
    code: 'step-exited',
    what: `"${step.title}" ${how}.`,
    safe: 'Later steps have not run.',
    next: 'Read the last lines of its output, mend the cause, then retry or skip it.',
  };
}

export function timedOut(step: Step, timeoutMs: number): Problem {
  return {
    code: 'step-timed-out',
    what: `"${step.title}" did not end within ${formatDuration(timeoutMs)} and was ended.`,
    safe: 'All of its processes were ended. Later steps have not run.',
    next: 'Check what it left half done, then retry or skip it.',
  };
}

export function captureMissing(step: Step, name: string, why: string): Problem {
  return {
    code: 'capture-missing',
    what: `"${step.title}" ended well, but the value ${name} could not be read: ${why}.`,
    safe: 'Later steps have not run.',
    next: 'Check its output, then retry or skip it.',
  };
}

export function noShell(language: string): Problem {
  return {
    code: 'shell-not-found',
    what: `There is no ${language} on this machine's PATH.`,
    safe: 'Nothing of the step ran.',
    next: `Install ${language}, or do the step by hand and skip it with a reason.`,
  };
}

export function folderGone(folder: string): Problem {
  return {
    code: 'folder-gone',
    what: `The runbook's folder, where its steps run, is gone: ${folder}.`,
    safe: "Nothing of the step ran. The run keeps its own copy of the runbook's text.",
    next: 'Put the folder back and retry, or do the step by hand and skip it with a reason.',
    place: { file: folder },
  };
}

export function notStarted(error: unknown): Problem {
  return {
    code: 'step-not-started',
    what: 'The system could not start a process for the step.',
    safe: 'Nothing of the step ran.',
    next: 'Free memory or processes, then retry.',
    detail: error instanceof Error ? error.message : String(error),
  };
}

export function noTerminal(step: Step): Problem {
  return {
    code: 'no-terminal',
    what: `"${step.title}" needs a terminal to type in, and there is none here.`,
    safe: 'Nothing of the step ran.',
    next: 'Resume the run in the app or from a terminal.',
  };
}

export function recoveryPointUnreadable(step: Step, name: string, value: string | null): Problem {
  const found = value === null ? `${name} has no value` : `${name} is "${value}", which is no time`;
  return {
    code: 'recovery-point-unreadable',
    what: `"${step.title}" succeeded, but it proves no recovery point: ${found}.`,
    safe: 'The step itself is done.',
    next: 'The data loss of this run stays unproven. Correct the capture in the runbook.',
  };
}

export function runHasErrors(path: string, { line, column, message, remedy }: Finding): Problem {
  return {
    code: 'runbook-has-errors',
    what: `The runbook cannot run: ${message}`,
    safe: 'Nothing has run. The runbook still opens as a document.',
    next: remedy,
    place: { file: path, line, column },
  };
}

export function inputsInvalid(faults: readonly { name: string; message: string }[]): Problem {
  return {
    code: 'inputs-invalid',
    what: faults.map(({ name, message }) => `${name}: ${message}`).join(' '),
    safe: 'Nothing has run.',
    next: 'Correct the inputs and start again.',
  };
}

export function nameReserved(name: string): Problem {
  return {
    code: 'name-reserved',
    what: `The runbook sets ${name}, which decides what programs run.`,
    safe: 'Nothing has run.',
    next: `Give the value another name than ${name} in the runbook.`,
  };
}

export function toolsMissing(tools: readonly string[]): Problem {
  const names = tools.join(', ');
  return {
    code: 'tools-missing',
    what: `The runbook needs ${names}, and this machine's PATH does not have ${tools.length > 1 ? 'them' : 'it'}.`,
    safe: 'Nothing has run.',
    next: `Install ${names} and start again.`,
  };
}

export function rehearsalMissing(): Problem {
  return {
    code: 'mode-not-supported',
    what: 'This version cannot rehearse a run.',
    safe: 'Nothing has run.',
    next: 'Choose drill, incident or maintenance.',
  };
}

export function rangeUnknown(name: string): Problem {
  return {
    code: 'range-unknown',
    what: `The runbook asks for the practice range "${name}", which Muster does not have.`,
    safe: 'Nothing has run.',
    next: 'Use `range: practice`, or take the line out of the runbook.',
  };
}

export function targetMissing(): Problem {
  return {
    code: 'target-missing',
    what: 'The runbook requires a target, and this version cannot bind one.',
    safe: 'Nothing has run.',
    next: 'Take `target: true` out of the runbook to run its steps as they are.',
  };
}

export function runUnknown(run: string): Problem {
  return {
    code: 'run-unknown',
    what: `There is no run ${run}.`,
    safe: 'Nothing was changed.',
    next: 'List the runs and choose one of them.',
  };
}

export function runEnded(run: string): Problem {
  return {
    code: 'run-ended',
    what: `Run ${run} has ended.`,
    safe: 'Its record is complete and unchanged.',
    next: 'Start a new run.',
  };
}

export function drivenElsewhere(
  run: string,
  by: { surface: string; pid: number; host: string },
): Problem {
  const where = by.surface === 'app' ? 'a window' : 'a command line';
  return {
    code: 'run-driven-elsewhere',
    what: `Run ${run} is driven by ${where} on ${by.host} (process ${by.pid}).`,
    safe: 'That one goes on undisturbed.',
    next: 'Go on there, or close it first and then resume here.',
  };
}

export function notDrivenHere(run: string): Problem {
  return {
    code: 'run-not-driven',
    what: `Run ${run} is not driven here.`,
    safe: 'Nothing was changed.',
    next: 'Resume it first.',
  };
}

export function stepLost(step: Step, why: string): Problem {
  return {
    code: 'step-lost',
    what: `Nobody can tell how "${step.title}" ended. ${why}`,
    safe: 'It was not run a second time. Later steps have not run.',
    next: 'Look at what it printed and at the system, then say whether it is done, failed, or to be retried.',
  };
}

export function declaredFailed(step: Step, reason: string): Problem {
  return {
    code: 'step-declared-failed',
    what: `"${step.title}" was declared failed: ${reason}`,
    safe: 'Later steps have not run.',
    next: 'Mend the cause, then retry or skip it.',
  };
}
