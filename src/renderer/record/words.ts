import type { Measure, Verdict } from '../../core/run/objectives.ts';
import { formatDuration } from '../../core/units.ts';
import type { RunSummary } from '../../shared/ipc.ts';

export function outcomeWords(outcome: RunSummary['outcome']): string {
  return outcome === null
    ? 'Not ended'
    : { succeeded: 'Succeeded', failed: 'Failed', aborted: 'Aborted' }[outcome];
}

export function verdictSentence(verdict: Verdict): string {
  return {
    met: 'Objectives met',
    missed: 'Objectives missed',
    unproven: 'Objectives not proven',
  }[verdict];
}

export const verdictWords: Record<Verdict, string> = {
  met: 'met',
  missed: 'missed',
  unproven: 'not proven',
};

export function promisedWords(ms: number | null): string {
  return ms === null ? 'none' : formatDuration(ms);
}

export function measuredWords(ms: number | null): string {
  if (ms === null) return 'not measured';
  return ms < 0 ? 'nothing lost' : formatDuration(ms);
}

/** `RTO 12 min of 30 min`, for one line in a list. */
export function measureLine(measure: Measure): string {
  const one = (name: string, ms: number | null, promised: number | null) => {
    if (promised === null) return ms === null ? null : `${name} ${measuredWords(ms)}`;
    if (ms === null) return `${name} of ${formatDuration(promised)} not measured`;
    return `${name} ${measuredWords(ms)} of ${formatDuration(promised)}`;
  };
  const parts = [
    one('RTO', measure.rtoMs, measure.rtoPromisedMs),
    one('RPO', measure.rpoMs, measure.rpoPromisedMs),
  ].filter((part) => part !== null);
  return `${measure.component}: ${parts.join(', ')}`;
}
