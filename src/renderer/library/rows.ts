import type { Problem } from '../../core/problem.ts';
import type { LibraryEntry, LibraryGroup } from '../../shared/ipc.ts';
import { titleOf } from './store.ts';

export type Row =
  | { kind: 'group'; key: string; group: LibraryGroup; shown: number }
  | { kind: 'problem'; key: string; problem: Problem }
  | { kind: 'entry'; key: string; entry: LibraryEntry };

const matches = (entry: LibraryEntry, words: string[]) => {
  const text = `${titleOf(entry)} ${entry.system ?? ''} ${entry.kind ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The library as one flat list, so that ten thousand runbooks scroll like ten. */
export function rowsOf(groups: readonly LibraryGroup[], query: string): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return groups.flatMap((group): Row[] => {
    const key = `${group.source}:${group.path}`;
    const entries = group.entries.filter((entry) => matches(entry, words));
    const hidden = words.length > 0 || group.source === 'recent';
    if (entries.length === 0 && group.problems.length === 0 && hidden) return [];
    return [
      { kind: 'group', key, group, shown: entries.length },
      ...group.problems.map(
        (problem, index): Row => ({ kind: 'problem', key: `${key}!${index}`, problem }),
      ),
      ...entries.map((entry): Row => ({ kind: 'entry', key: `${key}/${entry.path}`, entry })),
    ];
  });
}
