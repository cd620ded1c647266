import { useEffect } from 'react';
import { titleOf } from '../../core/library/title.ts';
import { useLibrary } from '../library/store.ts';
import { currentRun } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import { type PlaceName, useNavigation } from './navigation.ts';

const names: Record<PlaceName, string> = {
  library: 'Library',
  run: 'Run',
  readiness: 'Readiness',
  record: 'Record',
};

/** The window says what it shows, for the task bar and for a screen reader. */
export function useWindowTitle(): void {
  const place = useNavigation((navigation) => navigation.place);
  const run = useRuns((runs) =>
    place.name === 'run' ? (currentRun(runs, place)?.state.created.title ?? null) : null,
  );
  const runbook = useLibrary(({ open }) =>
    place.name === 'library' && open !== null && open.path === place.item
      ? titleOf({ title: open.runbook.title, path: open.path })
      : null,
  );
  const shown = run ?? runbook;
  useEffect(() => {
    document.title = [shown, names[place.name], 'Muster']
      .filter((part) => part !== null)
      .join(' · ');
  }, [shown, place.name]);
}
