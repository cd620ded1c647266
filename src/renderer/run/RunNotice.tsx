import type { StepState } from '../../core/run/state.ts';
import { isUndo, reversedId } from '../../core/run/step-ids.ts';
import { asSentence } from '../../core/units.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { driverOf } from './current.ts';
import styles from './RunNotice.module.css';
import { send } from './send.ts';
import { type LoadedRun, useRuns } from './store.ts';

interface Props {
  run: LoadedRun;
  onLook: (step: string) => void;
}

/** What is out of the ordinary about the whole run: it is paused, or it takes back what was done. */
export function RunNotice({ run, onLook }: Props) {
  const here = useRuns((runs) => driverOf(runs.list, run.id)) === 'here';
  const { paused } = run.state;
  return (
    <>
      {paused !== null && (
        <section className={styles.notice} aria-label="Paused">
          <p>
            <strong>Paused</strong> by {paused.by === 'muster' ? 'Muster' : paused.by} at{' '}
            <When at={paused.at} />. {asSentence(paused.reason)} <span>{goesOnWords(run)}</span>
          </p>
          <Button
            keys="p"
            off={!here}
            onClick={() => void send(run.id, { kind: 'resume', reason: null })}
          >
            Resume
          </Button>
        </section>
      )}
      <UndoNotice run={run} onLook={onLook} />
    </>
  );
}

function goesOnWords({ state }: LoadedRun): string {
  const running = state.steps.filter(
    ({ status, does }) => status === 'running' && does !== 'call' && does !== 'loop',
  ).length;
  const clocks = state.declaredAt === null ? '' : ' The recovery clocks go on.';
  if (running === 0) return `Nothing begins.${clocks}`;
  const what = running === 1 ? '1 step still runs' : `${running} steps still run`;
  return `${what}; nothing new begins.${clocks}`;
}

/** While something is taken back: how much of it is left, and what comes then. */
function UndoNotice({ run, onLook }: Props) {
  const { undo, steps } = run.state;
  if (undo === null) return null;
  const own = new Set(undo.steps);
  const undoing = steps.filter(({ id }) => isUndo(id) && own.has(id));
  const left = undoing.filter(({ status }) => status !== 'succeeded' && status !== 'skipped');
  const [next] = left;
  if (next === undefined) return null;
  const titleOf = (step: StepState) =>
    steps.find(({ id }) => id === reversedId(step.id))?.title ?? step.title;
  return (
    <section className={styles.notice} data-undo aria-label="Taking back">
      <p>
        <strong>Taking back what was done</strong>, {undoing.length - left.length} of{' '}
        {undoing.length}. {asSentence(undo.reason)}{' '}
        <span>
          Left: {left.slice(0, 3).map(titleOf).join(', ')}
          {left.length > 3 && ` and ${left.length - 3} more`}.{' '}
          {undo.ends ? 'Then the run ends.' : 'Then the run goes on, step by step.'}
        </span>
      </p>
      <Button look="quiet" onClick={() => onLook(next.id)}>
        Show
      </Button>
    </section>
  );
}
