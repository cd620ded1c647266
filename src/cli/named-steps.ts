import { MusterError } from '../core/problem.ts';
import { refuseAnswer } from '../core/run/answer.ts';
import { specOf } from '../core/run/specs.ts';
import type { RunState } from '../core/run/state.ts';
import { allSteps, type Runbook, type Step } from '../core/runbook/model.ts';

/**
 * Checks `--answer` and `--resolve` against the steps of the runbook before anything runs: a slip
 * in an id must not be found out half-way.
 */

export function checkAnswers(runbook: Runbook, answers: Readonly<Record<string, string>>): void {
  for (const [id, answer] of Object.entries(answers)) {
    const step = stepNamed(runbook, '--answer', id);
    const { action } = step;
    if (action?.kind === 'ask') {
      const problem = refuseAnswer(action, answer);
      if (problem) throw refused(`--answer ${id}: ${problem.what}`, problem.next);
    } else if (
      (action?.kind === 'shell' || action?.kind === 'structured') &&
      step.tasks.length === 0
    ) {
      throw refused(
        `--answer ${id}: "${step.title}" runs a command and asks nothing.`,
        'Leave it out, or name a question or a step that is done by hand.',
      );
    }
  }
}

const ends = ['succeeded', 'failed', 'retry', 'skip'];

export function checkResolutions(
  runbook: Runbook,
  state: RunState,
  resolutions: Readonly<Record<string, string>>,
): void {
  for (const [id, what] of Object.entries(resolutions)) {
    const { title } = stepNamed(runbook, '--resolve', id);
    if (!ends.includes(what)) {
      throw refused(`--resolve ${id}=${what} is none of the choices.`, `Use ${ends.join(', ')}.`);
    }
    const status = state.steps.find((step) => step.id === id)?.status;
    if (status === 'succeeded' || status === 'skipped') {
      throw refused(
        `--resolve ${id}: "${title}" is ${status === 'skipped' ? 'skipped' : 'done'}.`,
        'Leave it out.',
      );
    }
  }
}

function stepNamed(runbook: Runbook, option: string, id: string): Step {
  const found = specOf(runbook, id);
  if (found) return found;
  const steps = allSteps(runbook);
  const ids = steps.map((step) => step.id);
  const some = ids.slice(0, 12).join(', ') + (ids.length > 12 ? ', …' : '');
  throw refused(`${option} ${id}: the runbook has no step ${id}.`, `Its steps are ${some}.`);
}

function refused(what: string, next: string): MusterError {
  return new MusterError({ code: 'bad-argument', what, safe: 'Nothing has run.', next });
}
