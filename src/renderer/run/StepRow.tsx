import type { StepState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';
import { Hidden } from '../controls/Hidden.tsx';
import { Mark } from '../controls/Mark.tsx';
import { Elapsed } from './Elapsed.tsx';
import { groupCount, type Row } from './outline.ts';
import styles from './StepList.module.css';
import type { LoadedRun } from './store.ts';
import { lastAttempt, markOf, stateWords, tookMs } from './words.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  row: Extract<Row, { kind: 'step' }>;
  shown: boolean;
  /** Whether the group is open; null for what is no group. */
  open: boolean | null;
  onLook: (step: string) => void;
  onFold: () => void;
}

/** One step in the list: its mark, its title, how long it took or how much of it is done. */
export function StepRow({ run, step, row, shown, open, onLook, onFold }: Props) {
  const mark = markOf(run, step);
  return (
    <div className={styles.row} data-shown={shown || undefined}>
      {open !== null && (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={open}
          aria-label={`${open ? 'Fold' : 'Unfold'} ${step.title}`}
          tabIndex={shown ? 0 : -1}
          onClick={onFold}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M6 4l4 4-4 4" />
          </svg>
        </button>
      )}
      <button
        type="button"
        className={`${styles.step} ${styles[mark] ?? ''}`}
        title={step.title}
        tabIndex={shown ? 0 : -1}
        aria-current={shown ? 'step' : undefined}
        onClick={() => onLook(step.id)}
      >
        <Mark kind={mark} />
        <span className={styles.title}>
          {step.title}
          <Hidden>, {stateWords[mark]}</Hidden>
        </span>
        <span className={styles.time}>
          {row.group ? <Count run={run} index={row.index} step={step} /> : <Time step={step} />}
        </span>
      </button>
    </div>
  );
}

function Time({ step }: { step: StepState }) {
  const attempt = lastAttempt(step);
  if (step.status === 'running' && attempt !== null) return <Elapsed since={attempt.startedAt} />;
  const took = tookMs(step);
  return took === null ? null : <span>{formatDuration(took)}</span>;
}

function Count({ run, index, step }: { run: LoadedRun; index: number; step: StepState }) {
  const count = groupCount(run.state.steps, index);
  if (count !== null) {
    return (
      <span>
        {count.done}/{count.total}
      </span>
    );
  }
  return <span>{step.does === 'loop' && step.status === 'pending' ? 'a list' : null}</span>;
}
