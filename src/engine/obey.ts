import { MusterError } from '../core/problem.ts';
import type { Command } from '../core/run/commands.ts';
import { stepNamed } from '../core/run/places.ts';
import { refuse } from '../core/run/refuse.ts';
import { specOf } from '../core/run/specs.ts';
import { undoOutline } from '../core/run/undo.ts';
import type { Runbook } from '../core/runbook/model.ts';
import type { Endings } from './endings.ts';
import { declaredFailed } from './failures.ts';
import type { Journal } from './journal.ts';
import type { ApprovalCheck } from './people/check.ts';
import { proofOf } from './proof.ts';
import type { RunValues } from './values.ts';

/** Commands that are carried out by writing them down. */
type Written = Exclude<Command, { kind: 'start' | 'cancel' | 'abort' }>;

interface Desk {
  journal: Journal;
  runbook: Runbook;
  endings: Endings;
  values: RunValues;
  operator: string;
  approve: ApprovalCheck;
}

/**
 * What stages the events of a permitted command. Rejects with a MusterError where an approval is
 * none: only that has to be looked at before anything is written.
 */
export async function obey(command: Written, desk: Desk): Promise<() => void> {
  if (command.kind !== 'approve') return () => write(command, desk);
  const { journal, runbook, endings } = desk;
  const approval = await desk.approve(journal.state(), runbook, command);
  return () => {
    // Somebody may have been faster while the proof was looked at.
    const problem = refuse(journal.state(), runbook, command);
    if (problem) throw new MusterError(problem);
    const attempt = stepNamed(journal.state(), command.step)?.step.attempts.length ?? 0;
    journal.stage({ kind: 'step.approved', step: command.step, attempt, ...approval });
    endings.end(command.step, 'succeeded', approval.approver);
  };
}

function write(command: Exclude<Written, { kind: 'approve' }>, desk: Desk): void {
  const { journal, runbook, endings, values, operator } = desk;
  const { state, stage } = journal;
  const attemptOf = (id: string): number => stepNamed(state(), id)?.step.attempts.length ?? 0;
  switch (command.kind) {
    case 'confirm':
      endings.end(command.step, 'succeeded', operator);
      break;
    case 'answer': {
      const { answer } = command;
      endings.end(command.step, 'succeeded', operator, {
        answer: typeof answer === 'string' ? values.redact(answer) : answer,
      });
      break;
    }
    case 'fail': {
      const spec = specOf(runbook, command.step);
      if (!spec) break;
      const problem = declaredFailed(spec, values.redact(command.reason));
      endings.end(command.step, 'failed', operator, { problem });
      break;
    }
    case 'tick': {
      const { step, task, done } = command;
      stage({ kind: 'task.ticked', step, task, done, by: operator });
      break;
    }
    case 'skip': {
      const reason = values.redact(command.reason);
      stage({ kind: 'step.skipped', step: command.step, cause: 'person', reason, by: operator });
      break;
    }
    case 'reopen': {
      const reason = values.redact(command.reason);
      stage({ kind: 'step.reopened', step: command.step, reason, by: operator });
      break;
    }
    case 'resolve': {
      const spec = specOf(runbook, command.step);
      const proof =
        command.as === 'succeeded' && spec ? proofOf(spec, state(), {}, command.step) : null;
      stage({
        kind: 'step.resolved',
        step: command.step,
        attempt: attemptOf(command.step),
        as: command.as,
        reason: values.redact(command.reason),
        by: operator,
        proves: proof?.proves ?? [],
        recoveryPoint: proof?.recoveryPoint ?? null,
      });
      if (proof && spec) endings.declareAfter(spec, operator);
      break;
    }
    case 'undo': {
      const step = stepNamed(state(), command.step)?.step;
      const outline = step ? undoOutline(state(), runbook, [step]) : [];
      // What was taken back is not done again by itself.
      stage({ kind: 'run.paced', auto: false, allow: state().allow, by: operator });
      const reason = values.redact(command.reason);
      stage({ kind: 'undo.begun', ends: false, reason, outline, by: operator });
      break;
    }
    case 'note': {
      const text = values.redact(command.text);
      stage({ kind: 'note.added', step: command.step, text, by: operator });
      break;
    }
    case 'pace':
      stage({ kind: 'run.paced', auto: command.auto, allow: command.allow, by: operator });
      break;
    case 'pause': {
      const reason = values.redact(command.reason);
      stage({ kind: 'run.paused', cause: 'person', reason, by: operator });
      break;
    }
    case 'resume': {
      const reason = command.reason === null ? null : values.redact(command.reason);
      stage({ kind: 'run.resumed', reason, by: operator });
      break;
    }
    case 'declare':
      stage({ kind: 'run.declared', at: new Date().toISOString(), by: operator });
      break;
  }
}
