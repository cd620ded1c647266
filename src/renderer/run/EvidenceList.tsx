import { lazy, Suspense, useState } from 'react';
import type { Attempt, StepState } from '../../core/run/state.ts';
import { formatBytes } from '../../core/units.ts';
import { largestEvidence } from '../../shared/ipc.ts';
import { Skeleton } from '../controls/Skeleton.tsx';
import { Code } from '../document/Code.tsx';
import styles from './EvidenceList.module.css';
import { type Attempted, pairs, pretty, type Shown, seriesIn, useEvidence } from './evidence.ts';

// What compares and what draws is loaded when something of that kind is opened.
const EvidenceDifference = lazy(() => import('./EvidenceDifference.tsx'));
const SeriesChart = lazy(() => import('./SeriesChart.tsx'));

const verdictWords = { healthy: 'Healthy', degraded: 'Degraded', unhealthy: 'Unhealthy' } as const;

/** What the last attempt that has a result came to, and what shows it. */
export function EvidenceList({ run, step }: { run: string; step: StepState }) {
  const attempt = step.attempts.findLast(({ result }) => result !== null);
  return attempt === undefined ? null : (
    <AttemptEvidence run={run} step={step.id} attempt={attempt} />
  );
}

/** The same of one attempt. */
export function AttemptEvidence({
  run,
  step,
  attempt,
}: {
  run: string;
  step: string;
  attempt: Attempt;
}) {
  const { result } = attempt;
  if (result === null) return null;
  const { summary, verdict, evidence = [], rehearsed } = result;
  if (summary === undefined && verdict === undefined && evidence.length === 0) return null;
  const of = { run, step, attempt: attempt.number };
  return (
    <section className={styles.result} aria-label="Result">
      {(summary !== undefined || verdict !== undefined) && (
        <p className={styles.summary}>
          {verdict !== undefined && (
            <strong className={styles[verdict]}>{verdictWords[verdict]}</strong>
          )}
          {rehearsed && <strong>Would be done</strong>}
          <span>{summary}</span>
        </p>
      )}
      {pairs(evidence).map((shown) => (
        <Evidence key={`${shown.kind} ${shown.name}`} of={of} shown={shown} />
      ))}
    </section>
  );
}

function Evidence({ of, shown }: { of: Attempted; shown: Shown }) {
  const [open, setOpen] = useState(false);
  const bytes = shown.kind === 'one' ? shown.place.bytes : shown.before.bytes + shown.after.bytes;
  return (
    <details className={styles.evidence} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.name}>{shown.name}</span>
        <span>{shown.kind === 'pair' ? 'before and after' : formatBytes(bytes)}</span>
      </summary>
      {open && <EvidenceText of={of} shown={shown} />}
    </details>
  );
}

function EvidenceText({ of, shown }: { of: Attempted; shown: Shown }) {
  const places = shown.kind === 'one' ? [shown.place] : [shown.before, shown.after];
  const { texts, problem } = useEvidence(of, places);
  if (problem !== null) {
    return (
      <p className={styles.problem}>
        {problem.what} {problem.next}
      </p>
    );
  }
  const [first, second] = texts ?? [];
  if (first === undefined) return <Skeleton label="Reading the evidence" rows={3} />;
  if (shown.kind === 'pair') {
    return (
      <Suspense fallback={<Skeleton label="Comparing" rows={3} />}>
        <EvidenceDifference
          name={shown.name}
          before={pretty(shown.before, first)}
          after={pretty(shown.after, second ?? '')}
        />
      </Suspense>
    );
  }
  const series = seriesIn(first);
  return (
    <>
      {series !== null && (
        <Suspense fallback={<Skeleton label="Drawing" rows={4} />}>
          <SeriesChart evidence={series} />
        </Suspense>
      )}
      {shown.place.bytes > largestEvidence && (
        <p className={styles.problem}>
          The first {formatBytes(largestEvidence)} of it; the whole is kept with the run.
        </p>
      )}
      <Code code={pretty(shown.place, first)} language={shortName(shown.place.mediaType)} />
    </>
  );
}

function shortName(mediaType: string): string {
  return mediaType === 'application/json' ? 'json' : 'text';
}
