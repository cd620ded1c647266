import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { overallVerdict } from '../../core/run/objectives.ts';
import { formatDuration } from '../../core/units.ts';
import type { RunSummary } from '../../shared/ipc.ts';
import { Mark, type MarkKind } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import { TakeOverButton } from '../people/TakeOverButton.tsx';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import styles from './RunList.module.css';
import { measureLine, outcomeWords, verdictWords } from './words.ts';

const marks = { succeeded: 'succeeded', failed: 'failed', aborted: 'cancelled' } as const;

function Row({ run }: { run: RunSummary }) {
  const mark: MarkKind = run.outcome === null ? 'running' : marks[run.outcome];
  const verdict = overallVerdict(run.measures);
  const took = run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.createdAt);
  return (
    <button type="button" className={styles.row} onClick={() => go('record', run.id)}>
      <Mark kind={mark} />
      <span className={styles.outcome}>{outcomeWords(run.outcome)}</span>
      <span className={styles.title} title={run.title}>
        {run.title}
      </span>
      <span className={styles.about}>
        {run.mode} · <When at={run.createdAt} date /> · {run.operator} ·{' '}
        {took === null ? `${run.stepsDone} of ${run.stepsTotal} steps` : formatDuration(took)}
      </span>
      <span className={styles.measures}>
        {run.measures.slice(0, 2).map((measure) => (
          <span key={measure.component}>{measureLine(measure)}</span>
        ))}
        {run.measures.length > 2 && <span>{run.measures.length - 2} more components</span>}
      </span>
      {verdict !== null && (
        <strong className={`${styles.verdict} ${styles[verdict]}`}>{verdictWords[verdict]}</strong>
      )}
    </button>
  );
}

/** All runs, the newest first. */
export function RunList({ runs }: { runs: readonly RunSummary[] }) {
  const scroll = useRef<HTMLElement>(null);
  const sorted = useMemo(
    () => runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
    [runs],
  );
  const list = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 72,
    overscan: 8,
  });

  const move = (by: number) => {
    const rows = [...(scroll.current?.querySelectorAll<HTMLElement>('li > button') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys('place', 'Record', [
    { keys: 'j', name: 'Next run', run: () => move(1), repeats: true },
    { keys: 'k', name: 'Previous run', run: () => move(-1), repeats: true },
    { keys: 'ArrowDown', name: 'Next run', run: () => move(1), repeats: true, also: true },
    { keys: 'ArrowUp', name: 'Previous run', run: () => move(-1), repeats: true, also: true },
  ]);

  return (
    <section ref={scroll} className={styles.scroll} aria-label="Runs">
      <div className={styles.head}>
        <h1>Record</h1>
        <TakeOverButton />
      </div>
      <ul style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const run = sorted[index];
          return run === undefined ? null : (
            <li key={run.id} style={{ transform: `translateY(${start}px)` }}>
              <Row run={run} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
