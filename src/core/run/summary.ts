import { z } from 'zod';
import { runModeSchema } from './events.ts';
import { measure, measureSchema } from './objectives.ts';
import type { RunState } from './state.ts';

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
  /** Steps that succeeded or were skipped. */
  stepsDone: z.number().int().nonnegative(),
  stepsTotal: z.number().int().nonnegative(),
  measures: z.array(measureSchema),
  /** To whom the run was handed over, when it is read-only here. */
  handedOver: z.string().nullable().default(null),
});
export type RunSummaryCore = z.infer<typeof runSummaryCoreSchema>;

export function summarise(state: RunState): RunSummaryCore {
  const { created, ended } = state;
  const done = state.steps.filter(({ status }) => status === 'succeeded' || status === 'skipped');
  return {
    id: state.id,
    title: created.title,
    path: created.path,
    mode: state.mode,
    createdAt: state.createdAt,
    endedAt: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    operator: created.operator,
    stepsDone: done.length,
    stepsTotal: state.steps.length,
    measures: measure(state),
    handedOver: state.handedOver?.to ?? null,
  };
}
