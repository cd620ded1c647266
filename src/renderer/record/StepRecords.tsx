import type { Estimates } from '../../core/run/estimates.ts';
import { peopleOf } from '../../core/run/people.ts';
import { containersOf } from '../../core/run/step-ids.ts';
import { formatDuration } from '../../core/units.ts';
import { Mark } from '../controls/Mark.tsx';
import { useWhenWidth, When } from '../controls/When.tsx';
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
  const whenWidth = useWhenWidth();
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
        const people = peopleOf(step).join(', ');
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
              {attempts !== null && <span>{attempts}</span>}
              {estimate !== undefined && <span>usually {formatDuration(estimate)}</span>}
              <span className={styles.state}>{stateWords[mark]}</span>
              <span className={styles.people} title={people}>
                {people}
              </span>
              <span style={{ width: whenWidth }}>
                {attempt !== null && <When at={attempt.startedAt} />}
              </span>
              <span className={styles.took}>{took !== null && formatDuration(took)}</span>
              <span className={styles.kept}>
                {(attempt?.number ?? 0) <= step.attempts.length &&
                  evidence > 0 &&
                  `${evidence} kept`}
              </span>
            </summary>
            <StepRecord run={run} step={step} />
          </details>
        );
      })}
    </div>
  );
}
