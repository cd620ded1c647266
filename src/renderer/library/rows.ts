import type { LibraryEntry } from '../../core/library/entry.ts';
import { isNone, type LibraryFilters, passes } from '../../core/library/filters.ts';
import type { HitPlace, LibraryHit } from '../../core/library/hit.ts';
import type { NoteHit } from '../../core/library/note-hit.ts';
import type { Problem } from '../../core/problem.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';
import { type Found, notesWords, type Sort } from './search.ts';

export type Row =
  | { kind: 'group'; key: string; group: LibraryGroup; shown: number }
  | { kind: 'problem'; key: string; problem: Problem }
  /** `located`: no heading says where it lies. */
  | { kind: 'entry'; key: string; entry: LibraryEntry; located: boolean; hit: LibraryHit | null }
  | { kind: 'place'; key: string; hit: LibraryHit; place: HitPlace }
  | { kind: 'note'; key: string; note: NoteHit }
  | { kind: 'heading'; key: string; text: string; about: string }
  /** Leads down to the notes. */
  | { kind: 'notes'; key: string; text: string }
  | { kind: 'more'; key: string; text: string };

/** The list comes by title. Collators are left to who sends it: to make the first takes some frames. */
const orders: Record<Sort, ((a: LibraryEntry, b: LibraryEntry) => number) | null> = {
  title: null,
  changed: (a, b) => (a.modifiedAt < b.modifiedAt ? 1 : a.modifiedAt > b.modifiedAt ? -1 : 0),
  steps: (a, b) => b.steps - a.steps,
};

/** The library as one flat list, so that ten thousand runbooks scroll like ten. */
export function rowsOf(
  groups: readonly LibraryGroup[],
  filters: LibraryFilters,
  sort: Sort,
): Row[] {
  const narrowed = !isNone(filters);
  const order = orders[sort];
  return groups.flatMap((group): Row[] => {
    const key = `${group.source}:${group.path}`;
    const left = group.entries.filter((entry) => passes(entry, filters));
    // Pinned and recent ones have an order of their own.
    const entries = isOrdered(group) || order === null ? left : left.sort(order);
    const hidden = narrowed || isOrdered(group);
    if (entries.length === 0 && group.problems.length === 0 && hidden) return [];
    return [
      { kind: 'group', key, group, shown: entries.length },
      ...group.problems.map(
        (problem, index): Row => ({ kind: 'problem', key: `${key}!${index}`, problem }),
      ),
      ...entries.map(
        (entry): Row => ({
          ...{ kind: 'entry', key: `${key}/${entry.path}`, entry, hit: null },
          located: isOrdered(group),
        }),
      ),
    ];
  });
}

function isOrdered(group: LibraryGroup): boolean {
  return group.source === 'pinned' || group.source === 'recent';
}

/** What was found: runbooks, each with the places where its words stand, then notes of runs. */
export function foundRows({ hits, more, notes, moreNotes }: Found): Row[] {
  const rows = hitRows(hits, more);
  if (notes.length === 0) return rows;
  const words = notesWords(notes.length, moreNotes);
  // Below many runbooks nobody would see that there are notes.
  if (rows.length > 0) rows.unshift({ kind: 'notes', key: 'notes', text: `Also ${words}` });
  rows.push(
    { kind: 'heading', key: 'noted', text: 'Notes of runs', about: 'Newest first' },
    ...notes.map((note): Row => ({ kind: 'note', key: `${note.run}:${note.seq}`, note })),
  );
  if (moreNotes) {
    rows.push({
      kind: 'more',
      key: 'older',
      text: 'Older ones match too. Add a word to see fewer.',
    });
  }
  return rows;
}

function hitRows(hits: readonly LibraryHit[], more: boolean): Row[] {
  const rows = hits.flatMap((hit): Row[] => {
    const { entry, places, morePlaces } = hit;
    const key = `hit/${entry.path}`;
    const others = morePlaces === 1 ? '1 more place' : `${morePlaces} more places`;
    return [
      { kind: 'entry', key, entry, located: true, hit },
      ...places.map((place): Row => ({ kind: 'place', key: `${key}:${place.line}`, hit, place })),
      ...(morePlaces > 0 ? [{ kind: 'more', key: `${key}+`, text: others } as const] : []),
    ];
  });
  if (more) {
    rows.push({
      kind: 'more',
      key: 'more',
      text: 'Others match too. Add a word to see fewer.',
    });
  }
  return rows;
}
