import { type Estimates, estimate } from '../core/run/estimates.ts';
import { runSummaryCoreSchema } from '../core/run/summary.ts';
import type { ListedRun, Store } from '../store/open.ts';
import { stateOf } from './run-state.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** So many earlier runs say enough; reading more would take long. */
const MOST_RUNS = 20;

/**
 * How long the steps of a run took in the latest earlier runs of the same file. A record that
 * cannot be read is left out: an estimate is worth no failure.
 */
export function estimatesFor(store: Store, run: string): Estimates {
  const own = store.runs.get(run);
  if (own === null || own.path === null) return { runs: 0, steps: {} };
  const earlier = store.runs
    .list()
    .filter(
      ({ id, path, createdAt }) => id !== run && path === own.path && createdAt <= own.createdAt,
    )
    .filter(mayTeach)
    .slice(0, MOST_RUNS);
  return estimate(earlier.flatMap(({ id }) => unlessDamaged(() => stateOf(store, id)) ?? []));
}

/** Unless its summary says that it was a rehearsal, in which no step takes its time. */
function mayTeach({ summary }: ListedRun): boolean {
  const known = runSummaryCoreSchema.safeParse(summary);
  return !(known.success && known.data.mode === 'rehearsal');
}
