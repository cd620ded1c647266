import { lookAgainAt } from '../../core/run/retry.ts';
import type { RunState, StepState } from '../../core/run/state.ts';
import { isUndo, reversedId } from '../../core/run/step-ids.ts';
import type { Step } from '../../core/runbook/model.ts';
import { formatDuration } from '../../core/units.ts';
import { useNow } from '../controls/now.ts';
import { When } from '../controls/When.tsx';
import { lookedWords } from './looks.ts';
import styles from './StepTurn.module.css';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  spec: Step;
  onLook: (step: string) => void;
}

/** How the step came to be where it is, in a line or two: left out, taken back, looking again. */
export function StepTurn({ run, step, spec, onLook }: Props) {
  const waitsFor = spec.needs.length === 0 ? [] : neededBy(run, step, spec);
  const isLooking =
    spec.until !== null && step.attempts.some(({ outcome }) => outcome === 'not-yet');
  return (
    <>
      {step.skipped !== null && step.status === 'skipped' && (
        <p className={styles.line}>
          Left out by {step.skipped.by === 'muster' ? 'Muster' : step.skipped.by} at{' '}
          <When at={step.skipped.at} />. {step.skipped.reason}
        </p>
      )}
      {step.undone !== null && (
        <p className={styles.line}>
          Taken back at <When at={step.undone.at} /> by{' '}
          {step.undone.by === 'muster' ? 'Muster' : step.undone.by}.
          {step.status === 'pending' && ' It has its turn again.'}
        </p>
      )}
      {isUndo(step.id) && (
        <p className={styles.line}>
          It takes back{' '}
          <button type="button" onClick={() => onLook(reversedId(step.id))}>
            {run.state.steps.find(({ id }) => id === reversedId(step.id))?.title}
          </button>
          .
        </p>
      )}
      {waitsFor.length > 0 && step.status === 'pending' && (
        <p className={styles.line}>It waits until this is done: {waitsFor.join(', ')}.</p>
      )}
      {isLooking && <Looks state={run.state} step={step} spec={spec} />}
    </>
  );
}

function neededBy(run: LoadedRun, step: StepState, spec: Step): string[] {
  const scope = step.id.includes('/') ? step.id.slice(0, step.id.lastIndexOf('/') + 1) : '';
  return run.state.steps
    .filter(
      ({ id, status }) =>
        spec.needs.some((need) => `${scope}${need}` === id) && status !== 'succeeded',
    )
    .map(({ title }) => title);
}

/** `Looked 37 times, next in 4 s`. */
function Looks({ state, step, spec }: { state: RunState; step: StepState; spec: Step }) {
  const count = step.attempts.filter(({ outcome }) => outcome === 'not-yet').length;
  const waits = step.status === 'pending';
  const now = useNow(waits ? 1000 : null);
  const last = step.attempts.findLast(({ outcome }) => outcome === 'not-yet');
  const left = Math.max(0, lookAgainAt(state, step, spec) - now);
  const { until } = spec;
  const why = last?.problem?.what ?? last?.result?.summary ?? null;
  return (
    <p className={styles.line}>
      It {lookedWords(count)}
      {waits && `, next in ${formatDuration(Math.ceil(left / 1000) * 1000)}`}
      {until !== null && `, for at most ${formatDuration(until.deadlineMs)}`}.
      {why !== null && ` Last: ${why}`}
    </p>
  );
}
