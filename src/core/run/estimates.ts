import { z } from 'zod';
import type { RunState, StepState } from './state.ts';
import { isUndo } from './step-ids.ts';

/** How long steps took in earlier runs of the same runbook. */
export const estimatesSchema = z.object({
  /** How many earlier runs there are to learn from. */
  runs: z.number().int().nonnegative(),
  /** The median of what each step took, in ms, by its id; steps that never succeeded are not in it. */
  steps: z.record(z.string(), z.number().nonnegative()),
});
export type Estimates = z.infer<typeof estimatesSchema>;

/** Learns from runs that were no rehearsals; of each step the attempts that succeeded count. */
export function estimate(earlier: readonly RunState[]): Estimates {
  const real = earlier.filter(({ mode }) => mode !== 'rehearsal');
  const taken = new Map<string, number[]>();
  for (const { steps } of real) {
    for (const step of steps) {
      if (isUndo(step.id)) continue;
      const ms = tookMs(step);
      if (ms !== null) taken.set(step.id, [...(taken.get(step.id) ?? []), ms]);
    }
  }
  return {
    runs: real.length,
    steps: Object.fromEntries([...taken].map(([id, times]) => [id, median(times)])),
  };
}

/** From the beginning of the step to its end, in ms; waits for a person are part of it. */
function tookMs({ attempts }: StepState): number | null {
  const done = attempts.findLast(({ outcome }) => outcome === 'succeeded');
  if (done?.endedAt == null) return null;
  const ms = Date.parse(done.endedAt) - Date.parse(done.startedAt);
  return ms >= 0 ? ms : null;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** What the steps of a run would take together, as far as that is known, in ms. */
export function estimatedTotal(
  estimates: Estimates,
  steps: readonly Pick<StepState, 'id' | 'does' | 'status'>[],
): { ms: number; known: number; unknown: number } {
  let [ms, known, unknown] = [0, 0, 0];
  for (const { id, does, status } of steps) {
    if (does === 'call' || does === 'loop' || status === 'skipped' || isUndo(id)) continue;
    const own = estimates.steps[id];
    if (own === undefined) unknown += 1;
    else {
      known += 1;
      ms += own;
    }
  }
  return { ms, known, unknown };
}
