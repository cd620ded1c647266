import { useLibrary } from '../library/store.ts';
import { currentRun } from '../run/current.ts';
import { useRuns } from '../run/store.ts';
import { useNavigation } from './navigation.ts';

/** What the screen acts on: shown in words and colour wherever a step could run. */
export interface Target {
  name: string;
  what: string;
  care: 'practice';
}

function practice(range: string): Target {
  return { name: 'PRACTICE', what: `practice range "${range}", on this machine`, care: 'practice' };
}

/** The target of the run or the runbook on the screen; null when nothing is bound. */
export function useTarget(): Target | null {
  const place = useNavigation((navigation) => navigation.place);
  const ofRun = useRuns((runs) => currentRun(runs, place)?.state.created.range ?? null);
  const ofRunbook = useLibrary((library) =>
    place.name === 'library' && library.open?.path === place.item
      ? (library.open?.runbook.requires.range ?? null)
      : null,
  );
  const range = ofRun ?? ofRunbook;
  return range === null ? null : practice(range);
}
