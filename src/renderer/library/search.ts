import { create } from 'zustand';
import { type LibraryFilters, noFilters } from '../../core/library/filters.ts';
import type { RequestOut } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

/** The answer to a question. */
export type Found = RequestOut<'library.search'> & { query: string };

export type Sort = 'title' | 'changed' | 'steps';

interface Search {
  query: string;
  filters: LibraryFilters;
  sort: Sort;
  /** The answer to the last question that was answered; null while nothing is searched for. */
  found: Found | null;
}

export const useSearch = create<Search>()(() => ({
  query: '',
  filters: noFilters,
  sort: 'title',
  found: null,
}));

/** A pause in typing that is worth an answer, in ms. */
const PAUSE_MS = 40;

let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

export function setQuery(query: string): void {
  useSearch.setState({ query });
  soon();
}

export function setFilters(changed: Partial<LibraryFilters>): void {
  useSearch.setState(({ filters }) => ({ filters: { ...filters, ...changed } }));
  soon();
}

export function clearFilters(): void {
  setFilters(noFilters);
}

export function clearSearch(): void {
  useSearch.setState({ query: '', filters: noFilters });
  soon();
}

function soon(): void {
  clearTimeout(timer);
  if (useSearch.getState().query.trim() === '') {
    asked += 1;
    useSearch.setState({ found: null });
    return;
  }
  timer = setTimeout(() => void searchNow(), PAUSE_MS);
}

/** Asks at once. Only the answer to the last question is taken. */
export async function searchNow(): Promise<void> {
  clearTimeout(timer);
  const { query, filters } = useSearch.getState();
  if (query.trim() === '') return;
  asked += 1;
  const mine = asked;
  try {
    const answer = await ask('library.search', { query: query.slice(0, 1000), filters });
    if (mine !== asked) return;
    const before = useSearch.getState().found;
    const found = { query, ...answer };
    useSearch.setState({ found });
    // What is asked again because something was written elsewhere is news only when it differs.
    if (before?.query !== query || foundWords(before) !== foundWords(found)) {
      announce(foundWords(found));
    }
  } catch (error) {
    if (mine === asked) report(error);
  }
}

function foundWords({ hits, more, notes, moreNotes }: Found): string {
  const runbooks = more
    ? `The best ${hits.length} runbooks`
    : counted(hits.length, 'runbook', 'runbooks');
  if (notes.length === 0) return runbooks;
  return `${runbooks}, ${notesWords(notes.length, moreNotes)}`;
}

export function notesWords(count: number, more: boolean): string {
  return more
    ? `the newest ${count} notes of runs`
    : counted(count, 'note of a run', 'notes of runs');
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
