import type { Problem } from '../problem.ts';
import type { RunState } from '../run/state.ts';
import { isSamePerson } from './names.ts';
import type { ApprovalSubject, Statement } from './statement.ts';

const unchanged = 'The step stays open; nothing was approved.';

/**
 * Whose step it is: the run's operator, whoever drives the run since its last session, and whoever
 * began the attempt. None of them may approve it.
 */
export function ownersOf(state: RunState, step: string): string[] {
  const attempt = state.steps.find(({ id }) => id === step)?.attempts.at(-1);
  const owners = [state.created.operator, state.sessions.at(-1)?.by, attempt?.by];
  return [...new Set(owners.filter((name) => name !== undefined))];
}

/**
 * Why `approver` may not approve a step of these people, or null. `named`: the only ones who may,
 * as the runbook says; empty for anybody else.
 */
export function refuseApprover(
  approver: string,
  owners: readonly string[],
  named: readonly string[] = [],
): Problem | null {
  const owner = owners.find((name) => isSamePerson(name, approver));
  if (owner === undefined) {
    const isNamed = named.length === 0 || named.some((name) => isSamePerson(name, approver));
    return isNamed ? null : notNamed(approver, named);
  }
  return {
    code: 'approval-own-step',
    what: `${owner} operates this run, so ${owner} cannot approve its steps.`,
    safe: unchanged,
    next: 'Ask a second person to approve it.',
  };
}

function notNamed(approver: string, named: readonly string[]): Problem {
  return {
    code: 'approval-not-named',
    what: `The runbook does not name ${approver} among those who may approve this step.`,
    safe: unchanged,
    next: `Ask one of ${named.join(', ')}.`,
  };
}

/**
 * Why the statement does not say what is to be approved now, or null when it does. `isOfLedger`
 * tells whether a hash is that of an event of this run; `now` is in ms since 1970.
 */
export function refuseStatement(
  statement: Statement,
  subject: ApprovalSubject,
  isOfLedger: (hash: string) => boolean,
  now: number,
): Problem | null {
  if (statement.run !== subject.run) {
    return other('approval-other-run', `It approves a step of another run, ${statement.run}.`);
  }
  if (statement.step !== subject.step || statement.attempt !== subject.attempt) {
    return other(
      'approval-other-step',
      `It approves "${statement.title}", attempt ${statement.attempt}, and not "${subject.title}", attempt ${subject.attempt}.`,
    );
  }
  const same =
    statement.runTitle === subject.runTitle &&
    statement.title === subject.title &&
    statement.does === subject.does &&
    statement.runbook === subject.runbook;
  if (!same || !isOfLedger(statement.head)) {
    return other(
      'approval-outdated',
      'What would happen now is not what was approved: the step, its values or the record differ.',
    );
  }
  if (Date.parse(statement.expiresAt) <= now) {
    return other('approval-expired', `It could be given until ${statement.expiresAt}.`);
  }
  return null;
}

function other(code: string, why: string): Problem {
  return {
    code,
    what: `This approval does not count here. ${why}`,
    safe: unchanged,
    next: 'Make a new request for the step as it is now, and have that approved.',
  };
}
