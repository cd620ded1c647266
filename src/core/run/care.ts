import type { Risk, Step } from '../runbook/model.ts';
import { type CareDemand, careFor } from '../targets/care.ts';
import type { TargetSnapshot } from './events.ts';
import type { RunState } from './state.ts';

/**
 * The target that a step acts on: the one of its action's role, and where it names none, the run's
 * first. Null when the run is bound to no target.
 */
export function targetOf(state: RunState, spec: Step | null): TargetSnapshot | null {
  const targets = state.created.targets ?? [];
  const role = spec?.action?.kind === 'structured' ? spec.action.role : null;
  return targets.find((target) => target.role === role) ?? targets[0] ?? null;
}

/**
 * What must come from a person before a step of this risk runs. A rehearsal and a practice range
 * demand nothing; this machine without a target is treated as a standard one.
 */
export function demandOf(state: RunState, spec: Step | null, risk: Risk): CareDemand {
  if (state.mode === 'rehearsal') return 'run';
  const target = targetOf(state, spec);
  if (target !== null) return careFor(target.care, risk);
  return state.created.range === null ? careFor('standard', risk) : 'run';
}

/**
 * The critical target whose name a person must give before this step runs, or null where none must
 * be given. Such a step is never begun, nor tried again after a failure, by Muster itself.
 */
export function guardedTarget(state: RunState, spec: Step | null, risk: Risk): string | null {
  if (state.mode === 'rehearsal' || risk === 'safe') return null;
  const target = targetOf(state, spec);
  return target?.care === 'critical' ? target.name : null;
}
