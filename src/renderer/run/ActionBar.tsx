import { lazy, Suspense, useState } from 'react';
import type { Command } from '../../core/run/commands.ts';
import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './ActionBar.module.css';
import { ConfirmRun } from './ConfirmRun.tsx';
import { driverOf } from './current.ts';
import { nextOf } from './next.ts';
import { PaceLimit, PaceSwitch } from './PaceSwitch.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';
import { ResolveDialog } from './ResolveDialog.tsx';
import { type Asking, isReason, reasonsFor } from './reasons.ts';
import { resume } from './resume.ts';
import { send, useIsSending } from './send.ts';
import { useSettled } from './settled.ts';
import { type LoadedRun, useRuns } from './store.ts';

// The menu brings its positioning along; the first paint of a step does not wait for it.
const RunMenu = lazy(() => import('./RunMenu.tsx'));
const ApprovalDialog = lazy(() => import('../people/ApprovalDialog.tsx'));
const HandOverDialog = lazy(() => import('../people/HandOverDialog.tsx'));

interface Props {
  run: LoadedRun;
  step: StepState;
  current: boolean;
  answer: Value | null;
  /** Null when the current step is on the screen. */
  onBack: (() => void) | null;
}

/** What can be done now. It stays at the same place whatever the step does. */
export function ActionBar({ run, step, current, answer, onBack }: Props) {
  const driver = useRuns((runs) => driverOf(runs.list, run.id));
  const [asking, setAsking] = useState<
    Asking | 'confirm' | 'resolve' | 'approve' | 'hand-over' | null
  >(null);
  const here = driver === 'here';
  const next = current || !here ? nextOf(run, driver, answer) : null;
  const command = next?.does.kind === 'send' ? next.does.command : null;
  const sending = useIsSending(run.id, command);
  const settled = useSettled(
    `${next?.label} ${step.id} ${step.status} ${step.attempts.length} ${driver}`,
  );
  const off = next === null || next.does.kind === 'nothing';
  const busy = sending || !settled;
  const status = step.status;
  const trouble = status === 'failed' || status === 'cancelled';
  const decided = run.decision.kind;
  const canSkip =
    current && here && (decided === 'act' || decided === 'person' || decided === 'failed');
  const running = status === 'running' && here;
  const action = run.steps.get(step.id)?.action ?? null;
  const approval = action?.kind === 'approve' ? action : null;
  const nextTask = step.ticks.indexOf(null);

  const act = () => {
    if (next === null || off || busy) return;
    if (next.does.kind === 'send') {
      if (next.does.confirm) setAsking('confirm');
      else void send(run.id, next.does.command);
    }
    if (next.does.kind === 'resolve' || next.does.kind === 'approve') setAsking(next.does.kind);
    if (next.does.kind === 'resume') void resume(run.id);
  };
  const tick = () => {
    if (!current || !here || status !== 'waiting' || nextTask < 0) return;
    void send(run.id, { kind: 'tick', step: step.id, task: nextTask, done: true });
  };
  const pace = () => {
    if (here) void send(run.id, { kind: 'pace', auto: !run.state.auto, allow: run.state.allow });
  };

  useKeys('part', 'Step', [
    { keys: 'Enter', name: next?.label.replace('…', '') ?? 'The next action', run: act },
    { keys: 'Space', name: 'Tick the next task', run: tick },
    {
      keys: 's',
      name: 'Skip with a reason',
      run: () => {
        if (canSkip) setAsking('skip');
      },
    },
    { keys: 'n', name: 'Add a note', run: () => setAsking('note') },
    {
      keys: 'r',
      name: 'Retry',
      run: () => {
        if (trouble) act();
      },
    },
    { keys: '.', name: run.state.auto ? 'Pause auto mode' : 'Carry on by itself', run: pace },
  ]);

  const give = async (given: Command) => {
    if (await send(run.id, given)) setAsking(null);
  };
  const close = () => setAsking(null);

  return (
    <div className={styles.bar}>
      <div className={styles.row} role="toolbar" aria-label="Actions">
        {onBack !== null && (
          <Button keys="b" onClick={onBack}>
            Back to the current step
          </Button>
        )}
        {onBack === null && next !== null && (
          <Button
            look="primary"
            {...(next.does.kind === 'nothing' ? {} : { keys: 'Enter' })}
            off={off}
            busy={busy}
            onClick={act}
          >
            {next.label}
          </Button>
        )}
        <Button keys="s" off={!canSkip} onClick={() => setAsking('skip')}>
          Skip…
        </Button>
        <Button keys="n" look="quiet" onClick={() => setAsking('note')}>
          Note
        </Button>
        <Suspense fallback={<Button look="quiet">⋯</Button>}>
          <RunMenu
            run={run}
            here={here}
            onAbort={() => setAsking('abort')}
            onHandOver={() => setAsking('hand-over')}
          />
        </Suspense>
        {/* What comes and goes stands last, so that nothing slides under the pointer. */}
        {running && (
          <Button
            look="danger"
            onClick={() => void send(run.id, { kind: 'cancel', step: step.id })}
          >
            Cancel
          </Button>
        )}
        {status === 'waiting' && current && here && (
          <Button onClick={() => setAsking('fail')}>It failed…</Button>
        )}
        {trouble && current && here && <Button onClick={() => setAsking('abort')}>Abort…</Button>}
        <span className={styles.space} />
        <PaceSwitch run={run} off={!here} onPace={(given) => void send(run.id, given)} />
      </div>
      <div className={styles.second}>
        <p className={styles.hint}>
          {onBack === null ? next?.hint : 'This is not the current step. Keys that act are off.'}
        </p>
        <PaceLimit run={run} off={!here} onPace={(given) => void send(run.id, given)} />
      </div>
      {asking === 'confirm' && command !== null && (
        <ConfirmRun run={run} step={step} onClose={close} onConfirm={() => void give(command)} />
      )}
      {asking === 'resolve' && (
        <ResolveDialog run={run} step={step} onClose={close} onGive={give} />
      )}
      {asking === 'approve' && approval !== null && (
        <Suspense>
          <ApprovalDialog
            run={run.id}
            step={step.id}
            title={step.title}
            statement={approval.statement}
            onClose={close}
          />
        </Suspense>
      )}
      {asking === 'hand-over' && (
        <Suspense>
          <HandOverDialog run={run.id} onClose={close} />
        </Suspense>
      )}
      {isReason(asking) && (
        <ReasonDialog
          {...reasonsFor(asking, step)}
          {...(asking === 'note' ? { attachTo: { run: run.id, step: step.id } } : {})}
          onClose={close}
          onGive={give}
        />
      )}
    </div>
  );
}
