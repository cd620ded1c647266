import type { Risk, Runbook, Step } from '../../core/runbook/model.ts';
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
  if (step.undo === null) return 'no undo';
  const undo = runbook.phases.flatMap((phase) => phase.steps).find((one) => one.id === step.undo);
  return `undo: ${undo?.title ?? step.undo}`;
}
