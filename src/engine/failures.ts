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

/** `within`: what the action itself said it was waiting for. */
export function actionTimedOut(step: Step, timeoutMs: number, within: Problem | null): Problem {
  const limit = formatDuration(timeoutMs);
  return {
    code: 'step-timed-out',
    what: `"${step.title}" did not end within ${limit}${within === null ? '.' : `: ${within.what}`}`,
    safe: within?.safe ?? 'It was stopped. Later steps have not run.',
    next: within?.next ?? 'Check what it left half done, then retry or skip it.',
    ...(within?.detail === undefined ? {} : { detail: within.detail }),
  };
}

export function previewTimedOut(step: Step, timeoutMs: number): Problem {
  return {
    code: 'preview-timed-out',
    what: `What "${step.title}" would change could not be found out within ${formatDuration(timeoutMs)}.`,
    safe: 'Nothing was changed.',
    next: 'Look whether the target answers. Ask again, or decide without it.',
  };
}

export function valueMissing(step: Step, name: string): Problem {
  return {
    code: 'value-missing',
    what: `"${step.title}" needs the value ${name}, and nothing gave it one.`,
    safe: 'Nothing of the step ran.',
    next: 'Do the step that gives the value first, or skip this one with a reason.',
  };
}

export function actionUnfit(step: Step, why: string): Problem {
  return {
    code: 'action-unfit',
    what: `"${step.title}" cannot be carried out as it is written. ${why}.`,
    safe: 'Nothing of the step ran.',
    next: 'Correct the runbook or the value for the next run; here, skip the step with a reason.',
  };
}

export function listUnreadable(step: { title: string }, why: string): Problem {
  return {
    code: 'list-unreadable',
    what: `"${step.title}" is to be done for each item of a list, and the list cannot be read: ${why}`,
    safe: 'Nothing of the step ran.',
    next: 'Correct the value, then retry, or skip the step with a reason.',
  };
}

export function waitedInVain(step: Step, deadlineMs: number): Problem {
  return {
    code: 'until-not-met',
    what: `"${step.title}" did not hold within ${formatDuration(deadlineMs)}.`,
    safe: 'Later steps have not run.',
    next: 'Look at its last output, mend the cause, then retry, or skip it with a reason.',
  };
}

export function runOverran(limitMs: number): string {
  return `The run has taken longer than the ${formatDuration(limitMs)} that its runbook allows.`;
}

export function callRefused(step: { title: string }, why: string): Problem {
  return {
    code: 'call-refused',
    what: `The runbook that "${step.title}" calls cannot begin: ${why}`,
    safe: 'Nothing of it ran.',
    next: 'Correct the value and retry, or skip the step with a reason.',
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

export function callInCircle(paths: readonly string[]): Problem {
  return {
    code: 'call-in-circle',
    what: `Runbooks call each other in a circle: ${paths.join(' calls ')}.`,
    safe: 'Nothing has run.',
    next: 'Take one of the calls out.',
  };
}

export function callTooDeep(path: string): Problem {
  return {
    code: 'call-too-deep',
    what: `Runbooks are called too many levels deep at ${path}.`,
    safe: 'Nothing has run.',
    next: 'Call fewer runbooks within each other.',
  };
}

export function callNeedsRole(path: string, role: string): Problem {
  return {
    code: 'call-needs-target',
    what: `The called runbook ${path} needs a target with the role "${role}".`,
    safe: 'Nothing has run.',
    next: `Add ${role} to requires: {target: […]} of the runbook that calls it.`,
  };
}

export function callNeedsRange(path: string, range: string): Problem {
  return {
    code: 'call-needs-range',
    what: `The called runbook ${path} needs the practice range "${range}".`,
    safe: 'Nothing has run.',
    next: `Add range: ${range} to requires: of the runbook that calls it.`,
  };
}

export function stepsUnknown(ids: readonly string[]): Problem {
  return {
    code: 'no-such-step',
    what: `The runbook has no step ${ids.map((id) => `"${id}"`).join(', ')}.`,
    safe: 'Nothing has run.',
    next: 'Choose among its steps; muster show lists their ids.',
  };
}

export function approvalsMissing(): Problem {
  return {
    code: 'approvals-missing',
    what: 'Nobody can approve here: no second person is known on this machine.',
    safe: 'The step waits as it did.',
    next: 'Add a person who may approve, then approve again.',
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
    what: 'The runbook requires a target, and none was chosen.',
    safe: 'Nothing has run.',
    next: 'Choose a target for each role that the runbook names, then start again.',
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
