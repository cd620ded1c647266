import { lazy, Suspense } from 'react';
import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import styles from './ActionBar.module.css';
import { ActionDialogs } from './ActionDialogs.tsx';
import { PaceLimit, PaceSwitch } from './PaceSwitch.tsx';
import { send } from './send.ts';
import type { LoadedRun } from './store.ts';
import { useActions } from './use-actions.ts';

// The menu brings its positioning along; the first paint of a step does not wait for it.
const RunMenu = lazy(() => import('./RunMenu.tsx'));

interface Props {
  run: LoadedRun;
  step: StepState;
  answer: Value | null;
  /** Null when the step that comes first is on the screen. */
  onBack: (() => void) | null;
}

function outOfTurn({ state }: LoadedRun): string {
  return state.paused === null
    ? 'It is not the turn of this step.'
    : 'The run is paused, so nothing begins.';
}

/** What can be done now. It stays at the same place whatever the step does. */
export function ActionBar({ run, step, answer, onBack }: Props) {
  const actions = useActions(run, step, answer);
  const { next, here, can, asking, ask } = actions;
  const trouble = step.status === 'failed' || step.status === 'cancelled';
  const isOver = step.status === 'succeeded' || step.status === 'skipped';
  const pace = (command: Parameters<typeof send>[1]) => void send(run.id, command);
  return (
    <div className={styles.bar}>
      <div className={styles.row} role="toolbar" aria-label="Actions">
        {next !== null && (
          <Button
            look="primary"
            {...(next.does.kind === 'nothing' ? {} : { keys: 'Enter' })}
            off={next.does.kind === 'nothing'}
            busy={actions.busy}
            onClick={actions.act}
          >
            {next.label}
          </Button>
        )}
        {next === null && onBack !== null && (
          <Button keys="b" onClick={onBack}>
            Current step
          </Button>
        )}
        {step.status === 'succeeded' && (
          <Button keys="u" off={!can.undo} onClick={() => ask('undo')}>
            Take back…
          </Button>
        )}
        {step.status === 'skipped' && (
          <Button off={!can.reopen} onClick={() => ask('reopen')}>
            Give it its turn again…
          </Button>
        )}
        {!isOver && (
          <Button keys="s" off={!can.skip} onClick={() => ask('skip')}>
            Skip…
          </Button>
        )}
        <Button keys="n" look="quiet" onClick={() => ask('note')}>
          Note
        </Button>
        <Suspense fallback={<Button look="quiet">⋯</Button>}>
          <RunMenu run={run} step={step} here={here} can={can} onAsk={ask} />
        </Suspense>
        {/* What comes and goes stands last, so that nothing slides under the pointer. */}
        {can.cancel && (
          <Button
            look="danger"
            onClick={() => void send(run.id, { kind: 'cancel', step: step.id })}
          >
            Cancel
          </Button>
        )}
        {can.fail && <Button onClick={() => ask('fail')}>It failed…</Button>}
        {trouble && next !== null && here && <Button onClick={() => ask('abort')}>Abort…</Button>}
        {next !== null && onBack !== null && (
          <Button keys="b" look="quiet" onClick={onBack}>
            Current step
          </Button>
        )}
        <span className={styles.space} />
        <PaceSwitch run={run} off={!here} onPace={pace} />
      </div>
      <div className={styles.second}>
        <p className={styles.hint}>{next === null ? outOfTurn(run) : next.hint}</p>
        <PaceLimit run={run} off={!here} onPace={pace} />
      </div>
      <ActionDialogs run={run} step={step} asking={asking} actions={actions} />
    </div>
  );
}
