import { ownersOf } from '../../core/approval/check.ts';
import { subjectOf } from '../../core/approval/subject.ts';
import { specOf } from '../../core/run/specs.ts';
import type { RunState } from '../../core/run/state.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import type { Store } from '../../store/open.ts';
import { type Awaited, approveByFile, approveByPin } from './approvals.ts';
import type { ApprovalCheck } from './check.ts';
import { notAwaited } from './failures.ts';

/** Looks at approvals with the people of this store, and keeps what each of them approved. */
export function createApprovalCheck(store: Store, operator: string): ApprovalCheck {
  return async (state, runbook, { step, proof }) => {
    const awaited = awaitedAt(state, runbook, step);
    const approval =
      proof.method === 'pin'
        ? await approveByPin(store, awaited, {
            name: proof.approver,
            pin: proof.pin,
            askedBy: operator,
          })
        : approveByFile(store, awaited, { text: proof.text, file: 'The signed approval' });
    const { text, ...recorded } = approval;
    store.texts.keep(recorded.statement, text);
    return recorded;
  };
}

/** What waits for an approval at a step, and whose it is. Throws `approval-not-awaited`. */
export function awaitedAt(state: RunState, runbook: Runbook, step: string): Awaited {
  const subject = subjectOf(state, runbook, step);
  if (subject === null) throw notAwaited(step);
  const action = specOf(runbook, step)?.action;
  const named = action?.kind === 'approve' ? action.by : [];
  return { subject, owners: ownersOf(state, step), named };
}
