import { z } from 'zod';
import type { RunState } from './state.ts';

export const measureSchema = z.object({
  component: z.string(),
  /** Promised recovery time in ms; null when none was promised. */
  rtoPromisedMs: z.number().nullable(),
  /** From declared to the proof, in ms; null while one of them is missing. */
  rtoMs: z.number().nullable(),
  /** Promised data loss in ms; null when none was promised. */
  rpoPromisedMs: z.number().nullable(),
  /**
   * From the proven recovery point to declared, in ms; null while one of them is missing. Negative
   * when the recovered data is newer than the declaration: nothing was lost.
   */
  rpoMs: z.number().nullable(),
  /** `unproven` until the component's proof; `met` only when all that was promised was measured and kept. */
  verdict: z.enum(['met', 'missed', 'unproven']),
});
/** What was promised for a component and what a run measured. */
export type Measure = z.infer<typeof measureSchema>;
export type Verdict = Measure['verdict'];

/**
 * The measures of a run: one for each objective in its order, then one for each component that was
 * proven without one. A proof from before the declaration measures no recovery, and a recovery
 * point from after the proof can only be a clock that is wrong: both count as not measured.
 */
export function measure(state: RunState): Measure[] {
  const promised = state.created.objectives;
  const names = new Set(promised.map((objective) => objective.component));
  const extra = Object.keys(state.proofs).filter((component) => !names.has(component));
  return [...promised, ...extra.map((component) => ({ component, rtoMs: null, rpoMs: null }))].map(
    (objective) => measureOf(state, objective),
  );
}

/** `missed` outweighs `unproven` outweighs `met`; null when there is nothing to judge. */
export function overallVerdict(measures: readonly Measure[]): Verdict | null {
  const found = new Set(measures.map((measure) => measure.verdict));
  for (const verdict of ['missed', 'unproven', 'met'] as const) {
    if (found.has(verdict)) return verdict;
  }
  return null;
}

function measureOf(
  state: RunState,
  objective: { component: string; rtoMs: number | null; rpoMs: number | null },
): Measure {
  const { component } = objective;
  const proof = Object.hasOwn(state.proofs, component) ? state.proofs[component] : undefined;
  const declared = state.declaredAt === null ? null : Date.parse(state.declaredAt);
  // By the clock as it was when the run was declared, however it was set since.
  const proven =
    proof === undefined ? null : Date.parse(proof.at) - (proof.shiftMs - state.declaredShiftMs);
  const point = state.recoveryPoint === null ? null : Date.parse(state.recoveryPoint.at);

  const isRecovery = declared !== null && proven !== null && proven >= declared;
  const rtoMs = isRecovery ? proven - declared : null;
  const isPointSound = point !== null && (proven === null || point <= proven);
  const rpoMs = declared !== null && isPointSound ? declared - point : null;
  return {
    component,
    rtoPromisedMs: objective.rtoMs,
    rtoMs,
    rpoPromisedMs: objective.rpoMs,
    rpoMs,
    verdict: judge(isRecovery, [
      [objective.rtoMs, rtoMs],
      [objective.rpoMs, rpoMs],
    ]),
  };
}

function judge(
  isRecovery: boolean,
  pairs: readonly (readonly [promised: number | null, measured: number | null])[],
): Verdict {
  if (!isRecovery) return 'unproven';
  let verdict: Verdict = 'met';
  for (const [promised, measured] of pairs) {
    if (promised === null) continue;
    if (measured === null) verdict = 'unproven';
    else if (measured > promised) return 'missed';
  }
  return verdict;
}
