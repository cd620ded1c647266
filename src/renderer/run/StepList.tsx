import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { StepState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';
import { Hidden } from '../controls/Hidden.tsx';
import { Mark } from '../controls/Mark.tsx';
import { Elapsed } from './Elapsed.tsx';
import styles from './StepList.module.css';
import type { LoadedRun } from './store.ts';
import { lastAttempt, markOf, stateWords, tookMs } from './words.ts';

type Row = { phase: string; first: number; count: number } | { step: StepState; index: number };

function rowsOf(steps: readonly StepState[]): Row[] {
  const rows: Row[] = [];
  let phase: { phase: string; first: number; count: number } | null = null;
  for (const [index, step] of steps.entries()) {
    if (phase === null || phase.phase !== step.phase) {
      phase = { phase: step.phase, first: index, count: 0 };
      if (step.phase !== '') rows.push(phase);
    }
    phase.count += 1;
    rows.push({ step, index });
  }
  return rows;
}

function Time({ step }: { step: StepState }) {
  const attempt = lastAttempt(step);
  if (step.status === 'running' && attempt !== null) return <Elapsed since={attempt.startedAt} />;
  const took = tookMs(step);
  return took === null ? null : <span>{formatDuration(took)}</span>;
}

interface Props {
  run: LoadedRun;
  shown: string | null;
  /** Covers the text instead of standing beside it. */
  over: boolean;
  onLook: (step: string) => void;
}

/** Phases and steps with the state and the time of each. */
export function StepList({ run, shown, over, onLook }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(run.state.steps), [run.state.steps]);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => ('phase' in (rows[index] ?? {}) ? 36 : 32),
    overscan: 12,
  });
  const at = rows.findIndex((row) => 'step' in row && row.step.id === shown);

  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: 'auto' });
  }, [at, list]);

  const steps = run.state.steps;
  return (
    <nav className={styles.list} data-over={over || undefined} aria-label="Steps">
      <header className={styles.run}>
        <p title={run.state.created.title}>{run.state.created.title}</p>
        <span>{run.state.mode}</span>
      </header>
      <div ref={scroll} className={styles.scroll}>
        <ol style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const place = { transform: `translateY(${start}px)` };
            if ('phase' in row) {
              const ended = steps
                .slice(row.first, row.first + row.count)
                .filter(({ status }) => status === 'succeeded' || status === 'skipped').length;
              return (
                <li key={`phase ${row.first}`} className={styles.phase} style={place}>
                  <h2 title={row.phase}>{row.phase}</h2>
                  <span>
                    {ended}/{row.count}
                  </span>
                </li>
              );
            }
            const { step } = row;
            const mark = markOf(run, step);
            return (
              <li key={step.id} style={place}>
                <button
                  type="button"
                  className={`${styles.step} ${styles[mark] ?? ''}`}
                  title={step.title}
                  tabIndex={step.id === shown ? 0 : -1}
                  aria-current={step.id === shown ? 'step' : undefined}
                  onClick={() => onLook(step.id)}
                >
                  <Mark kind={mark} />
                  <span className={styles.title}>
                    {step.title}
                    <Hidden>, {stateWords[mark]}</Hidden>
                  </span>
                  <span className={styles.time}>
                    <Time step={step} />
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      </div>
    </nav>
  );
}
