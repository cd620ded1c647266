import type { RunState, StepState } from './state.ts';

/** Places of the steps by id. The layout is another array whenever steps are added. */
const places = new WeakMap<RunState['layout'], Map<string, number>>();

/** The step with this id, and its place among the run's steps; null when there is none. */
export function stepNamed(
  state: Pick<RunState, 'layout' | 'steps'>,
  id: string,
): { index: number; step: StepState } | null {
  let byId = places.get(state.layout);
  if (!byId) {
    byId = new Map();
    for (const [index, step] of state.layout.entries()) {
      if (!byId.has(step.id)) byId.set(step.id, index);
    }
    places.set(state.layout, byId);
  }
  const index = byId.get(id);
  const step = index === undefined ? undefined : state.steps[index];
  return index === undefined || step === undefined ? null : { index, step };
}
