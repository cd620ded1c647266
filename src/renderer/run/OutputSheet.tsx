import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState } from 'react';
import { notKeptWords } from '../../core/ledger/report-words.ts';
import type { LeftOut } from '../../core/run/events.ts';
import { formatBytes } from '../../core/units.ts';
import styles from './OutputPanel.module.css';
import { type Sheet, spansOf } from './sheet.ts';

const lineHeight = 18;

const Line = memo(function Line({ text }: { text: string }) {
  return spansOf(text).map((span, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place
      key={index}
      className={[span.colour === null ? '' : styles[span.colour], span.strong ? styles.strong : '']
        .join(' ')
        .trim()}
    >
      {span.text}
    </span>
  ));
});

interface Props {
  sheet: Sheet;
  /** Bytes before the first line that are on disk only. */
  skipped: number;
  /** What of a long output was counted and is kept nowhere. */
  leftOut: LeftOut | null;
  running: boolean;
  /** The line that finding stands on. */
  found: number | null;
  /** What to say when there is no output. */
  empty: string;
  /** What it is, for a screen reader. */
  label?: string;
}

/** The output, drawn where the eye is, following its end until the operator scrolls away. */
export function OutputSheet({
  sheet,
  skipped,
  leftOut,
  running,
  found,
  empty,
  label = 'Output of the step',
}: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const ends = sheet.lines.at(-1) === '' ? sheet.lines.length - 1 : sheet.lines.length;
  const list = useVirtualizer({
    count: ends,
    getScrollElement: () => scroll.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  const size = sheet.size;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each growth of the sheet scrolls
  useEffect(() => {
    const element = scroll.current;
    if (follow && element !== null) element.scrollTop = element.scrollHeight;
  }, [follow, ends, size]);

  useEffect(() => {
    if (found === null) return;
    setFollow(false);
    list.scrollToIndex(found, { align: 'center' });
  }, [found, list]);

  if (ends === 0 && !running) return <p className={styles.quiet}>{empty}</p>;
  return (
    <div className={styles.frame}>
      {(sheet.dropped > 0 || skipped > 0) && (
        <p className={styles.quiet}>
          The window shows the end of a long output.
          {skipped > 0 &&
            leftOut === null &&
            ` The first ${formatBytes(skipped)} are in the record.`}
        </p>
      )}
      {leftOut !== null && (
        <p className={styles.quiet}>
          The record has its first {formatBytes(leftOut.at)} and its end. {notKeptWords(leftOut)}
        </p>
      )}
      <div
        ref={scroll}
        className={styles.sheet}
        data-running={running || undefined}
        role="log"
        aria-live="off"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the output scrolls by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          setFollow(at.scrollHeight - at.scrollTop - at.clientHeight < lineHeight * 2);
        }}
      >
        {ends === 0 && <p className={styles.quiet}>{empty}</p>}
        <div className={styles.lines} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => (
            <div
              key={index + sheet.dropped}
              className={`${styles.line} ${index === found ? styles.found : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Line text={sheet.lines[index] ?? ''} />
            </div>
          ))}
        </div>
      </div>
      {!follow && running && (
        <button type="button" className={styles.jump} onClick={() => setFollow(true)}>
          Jump to the end
        </button>
      )}
    </div>
  );
}
