import type { LibraryEntry } from '../../core/library/entry.ts';
import { type LibraryFilters, stateOf } from '../../core/library/filters.ts';
import type { LibraryGroup } from '../../shared/ipc.ts';

export interface Facet {
  name: keyof LibraryFilters;
  label: string;
  options: { value: string; label: string }[];
}

const states = { ready: 'Ready to run', unreviewed: 'Unreviewed commands', errors: 'With errors' };
const reviews = {
  never: 'Never reviewed',
  reviewed: 'Reviewed',
  changed: 'Changed since review',
  overdue: 'Review overdue',
};
const formats = { muster: 'Muster runbook', guide: 'Plain guide' };

interface Question {
  name: keyof LibraryFilters;
  label: string;
  values: (entry: LibraryEntry) => (string | null)[];
  /** In this order, with these words; other values stand as they are, by name. */
  words?: Record<string, string>;
}

const questions: Question[] = [
  { name: 'system', label: 'System', values: (entry) => [entry.system] },
  { name: 'kind', label: 'Kind', values: (entry) => [entry.kind] },
  { name: 'owner', label: 'Owner', values: (entry) => [entry.owner] },
  {
    name: 'risk',
    label: 'Risk',
    values: (entry) => [entry.risk],
    words: { safe: 'Safe', disruptive: 'Disruptive', destructive: 'Destructive' },
  },
  { name: 'tool', label: 'Tool', values: (entry) => entry.tools },
  { name: 'state', label: 'State', values: (entry) => [stateOf(entry)], words: states },
  { name: 'review', label: 'Review', values: (entry) => [entry.review], words: reviews },
  { name: 'format', label: 'Format', values: (entry) => [entry.format], words: formats },
];

/** What the library can be narrowed by: only what tells its runbooks apart, or narrows it now. */
export function facetsOf(groups: readonly LibraryGroup[], filters: LibraryFilters): Facet[] {
  const entries = groups.flatMap((group) => group.entries);
  return questions.flatMap(({ name, label, values, words }) => {
    const found = new Set(entries.flatMap(values).filter((value) => value !== null));
    const chosen = filters[name];
    if (chosen !== null) found.add(chosen);
    const isTold = found.size > 1 || chosen !== null || (name === 'tool' && found.size > 0);
    if (!isTold) return [];
    const sorted = words
      ? Object.keys(words).filter((value) => found.has(value))
      : [...found].sort();
    return [
      { name, label, options: sorted.map((value) => ({ value, label: words?.[value] ?? value })) },
    ];
  });
}
