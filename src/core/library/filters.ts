import { z } from 'zod';
import { reviewStateNameSchema } from '../review/state.ts';
import { riskSchema } from '../runbook/risk.ts';
import type { LibraryEntry } from './entry.ts';

/** How far a runbook is from being run without a second look. */
export const entryStateSchema = z.enum(['ready', 'unreviewed', 'errors']);
export type EntryState = z.infer<typeof entryStateSchema>;

const word = z.string().max(500).nullable();

/** What narrows the library; null narrows nothing. */
export const libraryFiltersSchema = z.object({
  system: word,
  kind: word,
  owner: word,
  tool: word,
  risk: riskSchema.nullable(),
  format: z.enum(['muster', 'guide']).nullable(),
  state: entryStateSchema.nullable(),
  review: reviewStateNameSchema.nullable(),
});
export type LibraryFilters = z.infer<typeof libraryFiltersSchema>;

export const noFilters: LibraryFilters = {
  system: null,
  kind: null,
  owner: null,
  tool: null,
  risk: null,
  format: null,
  state: null,
  review: null,
};

export function stateOf(entry: Pick<LibraryEntry, 'errors' | 'unreviewed'>): EntryState {
  if (entry.errors > 0) return 'errors';
  return entry.unreviewed > 0 ? 'unreviewed' : 'ready';
}

/** Whether an entry is among what the filters leave. */
export function passes(entry: LibraryEntry, filters: LibraryFilters): boolean {
  const is = (wanted: string | null, found: string | null): boolean =>
    wanted === null || wanted === found;
  return (
    is(filters.system, entry.system) &&
    is(filters.kind, entry.kind) &&
    is(filters.owner, entry.owner) &&
    is(filters.risk, entry.risk) &&
    is(filters.format, entry.format) &&
    is(filters.state, stateOf(entry)) &&
    is(filters.review, entry.review) &&
    (filters.tool === null || entry.tools.includes(filters.tool))
  );
}

export function isNone(filters: LibraryFilters): boolean {
  return Object.values(filters).every((value) => value === null);
}
