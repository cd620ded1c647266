import { useLibrary } from '../library/store.ts';
import type { Watched } from '../live/store.ts';
import { currentRun } from '../run/current.ts';
import { type LoadedRun, useRuns } from '../run/store.ts';
import { useNavigation } from './navigation.ts';

/** A system that the screen acts on, in words and colour. */
export interface ShownTarget {
  /** `prod-us`, as people call it. */
  name: string;
  /** The part it plays; null where there is only one. */
  role: string | null;
  /** A hue of the theme; null for the stripes of practice. */
  colour: string | null;
  care: 'practice' | 'standard' | 'critical';
  /** Where its connection is known from; null where it has none that is watched. */
  of: Watched | null;
}

/** What the screen acts on: shown wherever a step could run. */
export interface Acting {
  targets: readonly ShownTarget[];
  /** Where it leads, in words. */
  what: string;
  /** Nothing changes, whatever is done here. */
  rehearsal: boolean;
}

function practice(range: string): Acting {
  return {
    targets: [{ name: 'PRACTICE', role: null, colour: null, care: 'practice', of: null }],
    what: `practice range "${range}", on this machine`,
    rehearsal: false,
  };
}

/** What a run acts on; null where that is this machine. */
export function actingOf({ id, state }: LoadedRun): Acting | null {
  const { range, targets = [], host } = state.created;
  const rehearsal = state.mode === 'rehearsal';
  if (range !== null) return { ...practice(range), rehearsal };
  if (targets.length > 0) {
    const many = targets.length > 1;
    return {
      targets: targets.map(({ name, role, colour, care }) => ({
        name,
        role: many ? role : null,
        colour,
        care,
        of: { run: id, role, name },
      })),
      what: many ? '' : (targets[0]?.identity ?? ''),
      rehearsal,
    };
  }
  return rehearsal ? { targets: [], what: `this machine (${host})`, rehearsal } : null;
}

/** What the run or the runbook on the screen acts on; null when nothing is bound. */
export function useActing(): Acting | null {
  const place = useNavigation((navigation) => navigation.place);
  const run = useRuns((runs) => currentRun(runs, place));
  const ofRunbook = useLibrary((library) =>
    place.name === 'library' && library.open?.path === place.item
      ? (library.open?.runbook.requires.range ?? null)
      : null,
  );
  const acting = run === null ? null : actingOf(run);
  if (acting !== null) return acting;
  return ofRunbook === null ? null : practice(ofRunbook);
}
