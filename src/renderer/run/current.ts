import type { RunSummary } from '../../shared/ipc.ts';
import type { Place } from '../shell/navigation.ts';
import type { LoadedRun } from './store.ts';

type Known = { list: RunSummary[] | null; loaded: Record<string, LoadedRun> };

/** Runs that have not ended, the newest first. */
export function activeRuns(list: RunSummary[] | null): RunSummary[] {
  return (list ?? [])
    .filter((run) => run.endedAt === null)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Of these, the ones that no process drives and that are still here to be driven. */
export function stoppedRuns(list: RunSummary[] | null): RunSummary[] {
  return activeRuns(list).filter(
    ({ driver, handedOver }) => driver === 'nobody' && handedOver === null,
  );
}

/** Which run the Run place shows: the one asked for, else the only active one. */
export function shownRun(list: RunSummary[] | null, item: string | null): string | null {
  if (item !== null) return item;
  const active = activeRuns(list);
  return active.length === 1 ? (active[0]?.id ?? null) : null;
}

/** The run on the screen, or the one under way here while the operator looks elsewhere. */
export function currentRun({ list, loaded }: Known, place: Place): LoadedRun | null {
  if (place.name === 'run') return loaded[shownRun(list, place.item) ?? ''] ?? null;
  const here = activeRuns(list).find((run) => run.driver === 'here');
  return here === undefined ? null : (loaded[here.id] ?? null);
}

export function driverOf(list: RunSummary[] | null, id: string): RunSummary['driver'] {
  return list?.find((run) => run.id === id)?.driver ?? 'nobody';
}
