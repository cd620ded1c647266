import { When } from '../controls/When.tsx';
import type { LoadedRun } from '../run/store.ts';
import { eventWords } from './event-words.ts';
import { usePageList } from './page-list.ts';
import styles from './Timeline.module.css';

/** The ledger, line by line. */
export function Timeline({ run, page }: { run: LoadedRun; page: HTMLElement | null }) {
  const { list, rows, top } = usePageList<HTMLOListElement>({
    page,
    count: run.events.length,
    rowHeight: 32,
    keyOf: (index) => run.events[index]?.seq ?? index,
  });
  return (
    <ol
      ref={list}
      className={styles.timeline}
      aria-label="Timeline"
      style={{ height: rows.getTotalSize() }}
    >
      {rows.getVirtualItems().map((item) => {
        const event = run.events[item.index];
        if (event === undefined) return null;
        const words = eventWords(run, event.body);
        return (
          <li
            key={event.seq}
            ref={rows.measureElement}
            data-index={item.index}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <span className={styles.seq}>{event.seq}</span>
            <span className={styles.time}>
              <When at={event.time} />
            </span>
            <span className={styles.what}>{words.what}</span>
            <span className={styles.by}>{words.by}</span>
          </li>
        );
      })}
    </ol>
  );
}
