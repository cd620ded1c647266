import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { containersOf } from '../../core/run/step-ids.ts';
import { useFolds } from './folds.ts';
import { phaseCount, shownRows } from './outline.ts';
import styles from './StepList.module.css';
import { StepRow } from './StepRow.tsx';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  shown: string | null;
  /** Covers the text instead of standing beside it. */
  over: boolean;
  onLook: (step: string) => void;
}

/** Phases and steps with the state and the time of each; calls and lists fold. */
export function StepList({ run, shown, over, onLook }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const { steps } = run.state;
  const folds = useFolds(run, shown);
  const rows = useMemo(() => shownRows(folds.rows, folds.isOpen), [folds.rows, folds.isOpen]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (rows[index]?.kind === 'phase' ? 36 : 32),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const at = useMemo(() => rows.findIndex(({ key }) => key === shown), [rows, shown]);

  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: 'auto' });
  }, [at, list]);

  return (
    <nav className={styles.list} data-over={over || undefined} aria-label="Steps" data-steps>
      <header className={styles.run}>
        <p title={run.state.created.title}>{run.state.created.title}</p>
        <span>{run.state.mode}</span>
      </header>
      <div ref={scroll} className={styles.scroll}>
        <ol style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const place = {
              transform: `translateY(${start}px)`,
              '--depth': Math.min(row.depth, 4),
            };
            if (row.kind === 'phase') {
              const { done, total } = phaseCount(steps, row);
              return (
                <li key={row.key} className={styles.phase} style={place}>
                  <h2 title={row.title}>{row.title}</h2>
                  {row.parallel > 1 && (
                    <span
                      className={styles.parallel}
                      title={`At most ${row.parallel} of these steps are under way at the same time`}
                    >
                      {row.parallel} at once
                    </span>
                  )}
                  <span>
                    {done}/{total}
                  </span>
                </li>
              );
            }
            const step = steps[row.index];
            if (step === undefined) return null;
            return (
              <li key={row.key} style={place}>
                <StepRow
                  run={run}
                  step={step}
                  row={row}
                  shown={step.id === shown}
                  open={row.group ? folds.isOpen(step.id) : null}
                  onLook={onLook}
                  onFold={() => {
                    folds.toggle(step.id);
                    // What is hidden cannot stay the step on the screen.
                    if (shown !== null && containersOf(shown).includes(step.id)) onLook(step.id);
                  }}
                />
              </li>
            );
          })}
        </ol>
      </div>
    </nav>
  );
}
