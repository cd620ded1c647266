import type { StepState } from '../../core/run/state.ts';
import { formatBytes } from '../../core/units.ts';
import { When } from '../controls/When.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import styles from './StepTrouble.module.css';
import type { LoadedRun } from './store.ts';
import { lastAttempt } from './words.ts';

/** What went wrong with a step and what is safe, above everything else about it. */
export function StepTrouble({ run, step }: { run: LoadedRun; step: StepState }) {
  const attempt = lastAttempt(step);
  if (attempt === null) return null;
  const problem = attempt.problem ?? attempt.result?.problem ?? null;
  if (step.status === 'failed') {
    const code = attempt.result?.exitCode ?? null;
    return (
      <div className={styles.trouble}>
        <ProblemNotice
          problem={
            problem ?? {
              code: 'step-failed',
              what:
                code === null ? 'The step failed.' : `The command ended with exit code ${code}.`,
              safe: 'The steps before it stay done.',
              next: 'Read its output, then retry it, skip it with a reason, or abort the run.',
            }
          }
        />
      </div>
    );
  }
  if (step.status === 'cancelled') {
    return (
      <section className={styles.note} aria-label="Cancelled">
        <p>
          <strong>Cancelled by {attempt.endedBy}.</strong> The command and everything it started
          were ended; what it had done until then is not reversed. Retry it, skip it with a reason,
          or abort the run.
        </p>
      </section>
    );
  }
  if (step.status !== 'unknown') return null;
  const bytes = attempt.result?.output.bytes ?? null;
  return (
    <section className={styles.unknown} aria-label="Evidence">
      <p>
        <strong>{problem?.what ?? 'Muster cannot prove how this step ended.'}</strong>{' '}
        {problem?.safe ?? 'It was not run a second time.'}
      </p>
      <p>
        Attempt {attempt.number} began at <When at={attempt.startedAt} /> by {attempt.by}
        {bytes !== null && `, with ${formatBytes(bytes)} of output`}. The last event of the run was
        at <When at={run.state.lastTime} />. The output below is all that was kept.
      </p>
    </section>
  );
}
