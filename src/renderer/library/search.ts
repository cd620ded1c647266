import { create } from 'zustand';
import { type LibraryFilters, noFilters } from '../../core/library/filters.ts';
import type { LibraryHit } from '../../shared/ipc.ts';
import { ask } from '../bridge.ts';
import { announce } from '../shell/announce.ts';
import { report } from '../shell/problems.ts';

export type Sort = 'title' | 'changed' | 'steps';

interface Search {
  query: string;
  filters: LibraryFilters;
  sort: Sort;
  /** The answer to the last question that was answered; null while nothing is searched for. */
  found: { query: string; hits: readonly LibraryHit[]; more: boolean } | null;
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
    const { hits, more } = await ask('library.search', { query: query.slice(0, 1000), filters });
    if (mine !== asked) return;
    useSearch.setState({ found: { query, hits, more } });
    announce(foundWords(hits.length, more));
  } catch (error) {
    if (mine === asked) report(error);
  }
}

export function foundWords(count: number, more: boolean): string {
  if (more) return `The best ${count} runbooks`;
  return count === 1 ? '1 runbook' : `${count} runbooks`;
}
