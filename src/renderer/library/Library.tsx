import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { Empty } from '../controls/Empty.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { EntryRow } from './EntryRow.tsx';
import { GroupRow } from './GroupRow.tsx';
import styles from './Library.module.css';
import { rowsOf } from './rows.ts';
import { addFolder, chooseFile, useLibrary } from './store.ts';

const heights = { group: 48, problem: 92, entry: 56 } as const;

export function Library() {
  const { groups, query } = useLibrary();
  const rows = useMemo(() => rowsOf(groups ?? [], query), [groups, query]);
  const search = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'entry'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });

  const move = (by: number) => {
    const entries = rows.flatMap((row, index) => (row.kind === 'entry' ? [index] : []));
    const at = entries.findIndex((index) => rows[index]?.key === active);
    const to = entries[at < 0 ? 0 : Math.min(entries.length - 1, Math.max(0, at + by))];
    if (to === undefined) return;
    setActive(rows[to]?.key ?? null);
    list.scrollToIndex(to);
    const focus = () => {
      const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${to}"] button`);
      row?.focus({ preventScroll: true });
      return row !== null && row !== undefined;
    };
    // A row far away is drawn with the next frame.
    if (!focus()) requestAnimationFrame(focus);
  };

  useKeys('place', 'Library', [
    {
      keys: 'mod+f',
      name: 'Search the library',
      run: () => search.current?.select(),
      always: 'fields',
    },
    { keys: '/', name: 'Search the library', run: () => search.current?.select(), also: true },
    { keys: 'j', name: 'Next runbook', run: () => move(1), repeats: true },
    { keys: 'k', name: 'Previous runbook', run: () => move(-1), repeats: true },
    { keys: 'ArrowDown', name: 'Next runbook', run: () => move(1), repeats: true, also: true },
    { keys: 'ArrowUp', name: 'Previous runbook', run: () => move(-1), repeats: true, also: true },
    { keys: 'mod+o', name: 'Open a file', run: chooseFile },
  ]);

  const found = rows.filter((row) => row.kind === 'entry').length;
  const firstEntry = rows.find((row) => row.kind === 'entry');
  return (
    <div className={styles.library}>
      <div className={styles.bar}>
        <h1>Library</h1>
        <input
          ref={search}
          type="search"
          className={styles.search}
          aria-label="Search runbooks"
          placeholder="Search titles, systems and kinds"
          value={query}
          onChange={(event) => useLibrary.setState({ query: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(active === null ? 0 : 1);
            if (event.key === 'Enter' && firstEntry !== undefined) {
              go('library', firstEntry.entry.path);
            }
            if (event.key === 'Escape' && query !== '') useLibrary.setState({ query: '' });
          }}
        />
        <Button onClick={addFolder}>Add folder…</Button>
        <Button onClick={chooseFile}>Open file…</Button>
      </div>
      {groups === null && <Skeleton label="Loading the library" rows={9} />}
      {groups !== null && found === 0 && query !== '' && (
        <Empty below title={`No runbook matches "${query}"`}>
          <p>Search looks at titles, systems and kinds. Shorten it, or clear it with Escape.</p>
          <Button onClick={() => useLibrary.setState({ query: '' })}>Clear search</Button>
        </Empty>
      )}
      {groups !== null && rows.length === 0 && query === '' && (
        <Empty below title="No runbooks yet">
          <p>Add the folder that holds your operations guides. Any Markdown file opens as it is.</p>
          <Button look="primary" onClick={addFolder}>
            Add folder…
          </Button>
        </Empty>
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
                {row.kind === 'group' && <GroupRow group={row.group} shown={row.shown} />}
                {row.kind === 'problem' && <ProblemNotice problem={row.problem} />}
                {row.kind === 'entry' && (
                  <EntryRow entry={row.entry} onFocus={() => setActive(row.key)} />
                )}
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}
