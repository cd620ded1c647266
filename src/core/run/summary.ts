import { z } from 'zod';
import { runModeSchema } from './mode.ts';
import { measure, measureSchema } from './objectives.ts';
import type { RunState, StepState } from './state.ts';
import { containersOf, isUndo } from './step-ids.ts';

/** One line of the list of runs, as far as the run itself knows it. */
export const runSummaryCoreSchema = z.object({
  id: z.string(),
  title: z.string(),
  path: z.string().nullable(),
  mode: runModeSchema,
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(['succeeded', 'failed', 'aborted']).nullable(),
  operator: z.string(),
  /** Of the steps that do something; see `countSteps`. */
  stepsDone: z.number().int().nonnegative(),
  stepsTotal: z.number().int().nonnegative(),
  measures: z.array(measureSchema),
  /** To whom the run was handed over, when it is read-only here. */
  handedOver: z.string().nullable().default(null),
});
export type RunSummaryCore = z.infer<typeof runSummaryCoreSchema>;

/**
 * How many steps there are to do, and how many of them have their end. A call or a list counts by
 * the steps within it, and as one step while it has none. What takes back a step is no step of the
 * work and counts nowhere. Steps within one that was left out are left out with it.
 */
export function countSteps(steps: readonly Pick<StepState, 'id' | 'status'>[]): {
  done: number;
  total: number;
} {
  const work = steps.filter(({ id }) => !isUndo(id));
  const containers = new Set(work.flatMap(({ id }) => containersOf(id)));
  const skipped = new Set(work.filter(({ status }) => status === 'skipped').map(({ id }) => id));
  const counted = work.filter(({ id }) => !containers.has(id));
  const done = counted.filter(
    ({ id, status }) =>
      status === 'succeeded' ||
      status === 'skipped' ||
      (skipped.size > 0 && containersOf(id).some((outer) => skipped.has(outer))),
  );
  return { done: done.length, total: counted.length };
}

export function summarise(state: RunState): RunSummaryCore {
  const { created, ended } = state;
  const { done, total } = countSteps(state.steps);
  return {
    id: state.id,
    title: created.title,
    path: created.path,
    mode: state.mode,
    createdAt: state.createdAt,
    endedAt: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    operator: created.operator,
    stepsDone: done,
    stepsTotal: total,
    measures: measure(state),
    handedOver: state.handedOver?.to ?? null,
  };
}
