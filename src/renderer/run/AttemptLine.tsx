import { outcomeWords } from '../../core/run/happenings.ts';
import type { Attempt, StepState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';
import { Elapsed } from './Elapsed.tsx';
import styles from './OutputPanel.module.css';

function ending({ result, outcome }: Attempt, does: StepState['does']): string {
  if (result === null) return outcome === null ? 'End unknown' : outcomeWords[outcome];
  if (result.rehearsed) return result.outcome === 'succeeded' ? 'Rehearsed' : 'Would fail';
  if (outcome === 'not-yet') return outcomeWords[outcome];
  if (result.outcome === 'timed-out') return 'Ended at its time limit';
  if (result.outcome === 'cancelled') return 'Cancelled';
  if (result.signal !== null) return `Ended by ${result.signal}`;
  if (does === 'action') return outcomeWords[result.outcome];
  return result.exitCode === null ? 'Did not start' : `Exit code ${result.exitCode}`;
}

/** How the command ended, in one line. The line is there before it began, so that nothing moves. */
export function AttemptLine({
  attempt,
  running,
  does,
}: {
  attempt: Attempt | null;
  running: boolean;
  does: StepState['does'];
}) {
  if (attempt === null) return <p className={styles.result}>Not run yet</p>;
  if (running) {
    return (
      <p className={styles.result}>
        <strong>Running</strong> for <Elapsed since={attempt.startedAt} />
      </p>
    );
  }
  const { result } = attempt;
  const captures = Object.entries(result?.captures ?? {});
  return (
    <p className={styles.result}>
      <strong
        className={
          attempt.outcome === 'not-yet'
            ? undefined
            : result?.outcome === 'succeeded'
              ? styles.succeeded
              : styles.failed
        }
      >
        {ending(attempt, does)}
      </strong>
      {result !== null && ` in ${formatDuration(result.durationMs)}`}
      {captures.map(([name, value]) => (
        <span key={name} className={styles.captures} title={value}>
          {name}={value}
        </span>
      ))}
    </p>
  );
}
