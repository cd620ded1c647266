import type { RunState, StepState } from './state.ts';

const places = new WeakMap<RunState['layout'], ReadonlyMap<string, number>>();

/** Places of the steps by id. The layout is another array whenever steps are added. */
export function placesOf(layout: RunState['layout']): ReadonlyMap<string, number> {
  const known = places.get(layout);
  if (known) return known;
  const byId = new Map<string, number>();
  for (const [index, step] of layout.entries()) {
    if (!byId.has(step.id)) byId.set(step.id, index);
  }
  places.set(layout, byId);
  return byId;
}

/** The step with this id, and its place among the run's steps; null when there is none. */
export function stepNamed(
  state: Pick<RunState, 'layout' | 'steps'>,
  id: string,
): { index: number; step: StepState } | null {
  const index = placesOf(state.layout).get(id);
  const step = index === undefined ? undefined : state.steps[index];
  return index === undefined || step === undefined ? null : { index, step };
}
