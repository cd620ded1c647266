import { specOf } from '../../core/run/specs.ts';
import type { Risk, Runbook, Step } from '../../core/runbook/model.ts';
import { undoOf } from '../../core/runbook/undo-words.ts';
import { formatDuration } from '../../core/units.ts';

export const riskWords: Record<Risk, { name: string; meaning: string }> = {
  safe: { name: 'safe', meaning: 'reads or checks, changes nothing that matters' },
  disruptive: { name: 'disruptive', meaning: 'interrupts service, can be reversed' },
  destructive: { name: 'destructive', meaning: 'removes or overwrites data' },
};

export function timeoutWords(step: Step): string {
  return step.timeoutMs === null ? 'no time limit' : `at most ${formatDuration(step.timeoutMs)}`;
}

/** How the step is reversed, in words. */
export function undoWords(step: Step, runbook: Runbook): string {
  return undoOf(step, () => specOf(runbook, `~${step.id}`)?.title);
}
