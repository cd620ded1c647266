import type { Command } from '../../core/run/commands.ts';
import type { BodyOf } from '../../core/run/events.ts';
import type { RunState } from '../../core/run/state.ts';
import type { Runbook } from '../../core/runbook/model.ts';

/**
 * Looks at the proof of an approval and says whose it is. Throws MusterError: a wrong PIN, a file
 * that was signed for another step, somebody who may not approve this one.
 */
export type ApprovalCheck = (
  state: RunState,
  runbook: Runbook,
  command: Extract<Command, { kind: 'approve' }>,
) => Promise<Omit<BodyOf<'step.approved'>, 'kind' | 'step' | 'attempt'>>;
