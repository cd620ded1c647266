import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { isNone } from '../../core/library/filters.ts';
import { listen } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { TakeOverButton } from '../people/TakeOverButton.tsx';
import { openEvent } from '../record/aim.ts';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import { openTargets } from '../targets/store.ts';
import { FilterBar } from './FilterBar.tsx';
import { useGitOf } from './git.ts';
import styles from './Library.module.css';
import { LibraryRow } from './LibraryRow.tsx';
import { NothingListed } from './NothingListed.tsx';
import { foundRows, type Row, rowsOf } from './rows.ts';
import { searchNow, setQuery, useSearch } from './search.ts';
import { addFolder, chooseFile, pin, refreshOlder, useLibrary } from './store.ts';

const heights = {
  group: 48,
  problem: 92,
  entry: 56,
  place: 48,
  note: 56,
  notes: 32,
  heading: 48,
  more: 32,
} as const;

/** About as much stands above the list, in pixels; its height is measured once it is drawn. */
const ABOVE = 170;

/** A row that opens something, and can be reached with the arrows. */
const isStop = (row: Row | undefined) =>
  row?.kind === 'entry' || row?.kind === 'place' || row?.kind === 'note';

export function Library() {
  const groups = useLibrary((library) => library.groups);
  const { query, filters, sort, found } = useSearch();
  const rows = useMemo(
    () => (found === null ? rowsOf(groups ?? [], filters, sort) : foundRows(found)),
    [groups, filters, sort, found],
  );
  const pinned = useMemo(() => pinnedIn(groups ?? []), [groups]);
  const place = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  /** The key of the row that was reached last. Nothing is drawn by it: the row shows its focus itself. */
  const active = useRef<string | null>(null);
  /** The list is entered as soon as the answer is there. */
  const isEntering = useRef(false);
  useGitOf(groups);

  useEffect(refreshOlder, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is best comes into view
  useEffect(() => scroll.current?.scrollTo({ top: 0 }), [found?.query, filters, sort]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another library, another answer
  useEffect(() => void searchNow(), [groups]);
  // A note may have been written meanwhile, here or by the command line.
  useEffect(() => listen('runs.changed', () => void searchNow()), []);

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'entry'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
    // So that the first drawing has its rows, and the page is laid out once.
    initialRect: { width: 0, height: Math.max(0, window.innerHeight - ABOVE) },
  });

  const move = (by: number) => {
    const stops = rows.flatMap((row, index) => (isStop(row) ? [index] : []));
    const at = stops.findIndex((index) => rows[index]?.key === active.current);
    const to = stops[at < 0 ? 0 : Math.min(stops.length - 1, Math.max(0, at + by))];
    if (to !== undefined) moveTo(to);
  };

  const moveTo = (to: number) => {
    active.current = rows[to]?.key ?? null;
    if (to === rows.findIndex(isStop)) list.scrollToOffset(0);
    else list.scrollToIndex(to);
    const focus = () => {
      const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${to}"] button`);
      row?.focus({ preventScroll: true });
      return row !== null && row !== undefined;
    };
    // A row far away is drawn with the next frame.
    if (!focus()) requestAnimationFrame(focus);
  };

  /** From the search into the list: into the answer to what is typed, not to what was typed before. */
  const enter = () => {
    if (query.trim() === '' || found?.query === query) {
      move(active.current === null ? 0 : 1);
      return;
    }
    isEntering.current = true;
    void searchNow();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list was drawn with the answer
  useEffect(() => {
    if (!isEntering.current || found?.query !== query) return;
    isEntering.current = false;
    move(0);
  }, [rows]);

  const openFirst = async () => {
    if (useSearch.getState().found?.query !== query) await searchNow();
    const { found: now } = useSearch.getState();
    const listed = rows.find((row) => row.kind === 'entry');
    const path = now === null ? listed?.entry.path : now.hits[0]?.entry.path;
    if (path !== undefined) return go('library', path);
    const [note] = now?.notes ?? [];
    if (note !== undefined) openEvent(note.run, note.seq);
  };

  const toNotes = () => {
    const first = rows.findIndex(({ kind }) => kind === 'note');
    if (first >= 0) moveTo(first);
  };

  const pinActive = () => {
    const row = rows.find(({ key }) => key === active.current);
    if (row?.kind === 'entry') pin(row.entry.path, !pinned.has(row.entry.path));
  };

  const toSearch = () => search.current?.select();
  useKeys('place', 'Library', [
    { keys: 'mod+f', name: 'Search the library', run: toSearch, always: 'fields' },
    { keys: '/', name: 'Search the library', run: toSearch, also: true },
    {
      keys: 'f',
      name: 'Filter',
      run: () => place.current?.querySelector<HTMLElement>('[data-filter]')?.focus(),
    },
    { keys: 'j', name: 'Next runbook', run: () => move(1), repeats: true },
    { keys: 'k', name: 'Previous runbook', run: () => move(-1), repeats: true },
    { keys: 'ArrowDown', name: 'Next runbook', run: () => move(1), repeats: true, also: true },
    { keys: 'ArrowUp', name: 'Previous runbook', run: () => move(-1), repeats: true, also: true },
    { keys: 'p', name: 'Pin or unpin the runbook', run: pinActive },
    { keys: 'mod+o', name: 'Open a file', run: chooseFile },
  ]);

  return (
    <div ref={place} className={styles.library}>
      <div className={styles.bar}>
        <h1>Library</h1>
        <input
          ref={search}
          type="search"
          className={styles.search}
          aria-label="Search runbooks"
          placeholder="Search steps, commands, text and notes of runs"
          value={query}
          onChange={(event) => {
            active.current = null;
            isEntering.current = false;
            setQuery(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              // Else the list, which has focus by then, scrolls as well.
              event.preventDefault();
              enter();
            }
            if (event.key === 'Enter') void openFirst();
            if (event.key === 'Escape' && query !== '') setQuery('');
          }}
        />
        <Button onClick={openTargets}>Targets…</Button>
        <Button onClick={addFolder}>Add folder…</Button>
        <Button onClick={chooseFile}>Open file…</Button>
        <TakeOverButton />
      </div>
      {groups === null && <Skeleton label="Loading the library" rows={9} />}
      {groups !== null && <FilterBar groups={groups} />}
      {groups !== null && !rows.some(isStop) && (
        <NothingListed found={found} narrowed={!isNone(filters)} empty={rows.length === 0} />
      )}
      <section ref={scroll} className={styles.scroll} aria-label="Runbooks">
        <ul style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <li
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LibraryRow
                  row={row}
                  pinned={pinned}
                  onFocus={() => {
                    active.current = row.key;
                  }}
                  onNotes={toNotes}
                />
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}

function pinnedIn(groups: readonly { source: string; entries: { path: string }[] }[]): Set<string> {
  const group = groups.find(({ source }) => source === 'pinned');
  return new Set(group?.entries.map(({ path }) => path));
}
