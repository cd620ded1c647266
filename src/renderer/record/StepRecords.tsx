import type { Estimates } from '../../core/run/estimates.ts';
import { peopleOf } from '../../core/run/people.ts';
import { containersOf } from '../../core/run/step-ids.ts';
import { formatDuration } from '../../core/units.ts';
import { Mark } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import { attemptsWords } from '../run/looks.ts';
import type { LoadedRun } from '../run/store.ts';
import { evidenceCount, lastAttempt, markOf, stateWords, tookMs } from '../run/words.ts';
import { usePageList } from './page-list.ts';
import { StepRecord } from './StepRecord.tsx';
import styles from './StepRecords.module.css';

/** Every step in order; one opens to all that is known of it. */
export function StepRecords({
  run,
  page,
  estimates,
}: {
  run: LoadedRun;
  page: HTMLElement | null;
  /** Of a rehearsal: how long the steps took before. */
  estimates: Estimates | null;
}) {
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
        const mark = markOf(run, step);
        const verdict = attempt?.result?.verdict;
        const attempts = attemptsWords(step.attempts);
        const estimate = estimates?.steps[step.id];
        return (
          <details
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            className={styles.step}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <summary>
              <Mark kind={mark} />
              <span
                className={styles.title}
                style={{ paddingLeft: 16 * containersOf(step.id).length }}
              >
                {step.title}
              </span>
              {verdict !== undefined && <span>{verdict}</span>}
              <span>{stateWords[mark]}</span>
              {attempts !== null && <span>{attempts}</span>}
              {estimate !== undefined && <span>usually {formatDuration(estimate)}</span>}
              <span>{peopleOf(step).join(', ')}</span>
              {attempt !== null && <When at={attempt.startedAt} />}
              {took !== null && <span>{formatDuration(took)}</span>}
              {(attempt?.number ?? 0) <= step.attempts.length && evidence > 0 && (
                <span>{evidence} kept</span>
              )}
            </summary>
            <StepRecord run={run} step={step} />
          </details>
        );
      })}
    </div>
  );
}
