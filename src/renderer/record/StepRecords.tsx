import { peopleOf } from '../../core/run/people.ts';
import { formatDuration } from '../../core/units.ts';
import { Mark } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import type { LoadedRun } from '../run/store.ts';
import { evidenceCount, lastAttempt, stateWords, tookMs } from '../run/words.ts';
import { usePageList } from './page-list.ts';
import { StepRecord } from './StepRecord.tsx';
import styles from './StepRecords.module.css';

/** Every step in order; one opens to all that is known of it. */
export function StepRecords({ run, page }: { run: LoadedRun; page: HTMLElement | null }) {
  const { steps } = run.state;
  const { list, rows, top } = usePageList<HTMLDivElement>({
    page,
    count: steps.length,
    rowHeight: 40,
    keyOf: (index) => steps[index]?.id ?? index,
  });
  return (
    <div ref={list} style={{ position: 'relative', height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((item) => {
        const step = steps[item.index];
        if (step === undefined) return null;
        const attempt = lastAttempt(step);
        const took = tookMs(step);
        const evidence = evidenceCount(run, step);
        return (
          <details
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            className={styles.step}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <summary>
              <Mark kind={step.status} />
              <span className={styles.title}>{step.title}</span>
              <span>{stateWords[step.status]}</span>
              {step.attempts.length > 1 && <span>{step.attempts.length} attempts</span>}
              <span>{peopleOf(step).join(', ')}</span>
              {attempt !== null && <When at={attempt.startedAt} />}
              {took !== null && <span>{formatDuration(took)}</span>}
              {evidence > 0 && <span>{evidence} kept</span>}
            </summary>
            <StepRecord run={run} step={step} />
          </details>
        );
      })}
    </div>
  );
}
