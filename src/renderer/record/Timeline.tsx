import { useEffect } from 'react';
import { useWhenWidth, When } from '../controls/When.tsx';
import type { LoadedRun } from '../run/store.ts';
import { eventWords } from './event-words.ts';
import { useLedger } from './ledger-pages.ts';
import { usePageList } from './page-list.ts';
import styles from './Timeline.module.css';

interface Props {
  run: LoadedRun;
  page: HTMLElement | null;
  /** The event that the record was opened for. */
  aimed: number | null;
}

/** Each frame measures what has come into view; after a few of them the place is found. */
const SETTLING_FRAMES = 10;

/** The ledger, line by line. */
export function Timeline({ run, page, aimed }: Props) {
  const count = run.state.lastSeq;
  const { list, rows, top } = usePageList<HTMLOListElement>({
    page,
    count,
    rowHeight: 32,
    keyOf: (index) => index + 1,
  });
  const items = rows.getVirtualItems();
  const whenWidth = useWhenWidth();
  const eventAt = useLedger(run.id, {
    first: (items[0]?.index ?? 0) + 1,
    last: (items.at(-1)?.index ?? 0) + 1,
    count,
  });
  const index = aimed === null || aimed > count ? -1 : aimed - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is there
  useEffect(() => {
    if (page === null || index < 0) return;
    let left = SETTLING_FRAMES;
    let frame = 0;
    const again = () => {
      rows.scrollToIndex(index, { align: 'center' });
      left -= 1;
      if (left > 0) frame = requestAnimationFrame(again);
      else
        list.current?.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true });
    };
    frame = requestAnimationFrame(again);
    return () => cancelAnimationFrame(frame);
  }, [page]);
  return (
    <ol
      ref={list}
      className={styles.timeline}
      aria-label="Timeline"
      style={{ height: rows.getTotalSize() }}
    >
      {items.map((item) => {
        const seq = item.index + 1;
        const event = eventAt(seq);
        const words = event && eventWords(run, event.body);
        return (
          <li
            key={seq}
            ref={rows.measureElement}
            data-index={item.index}
            aria-current={item.index === index || undefined}
            tabIndex={item.index === index ? -1 : undefined}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <span className={styles.seq}>{seq}</span>
            <span className={styles.time} style={{ width: whenWidth }}>
              {event && <When at={event.time} />}
            </span>
            <span className={styles.what}>{words?.what ?? '…'}</span>
            <span className={styles.by}>{words?.by}</span>
          </li>
        );
      })}
    </ol>
  );
}
