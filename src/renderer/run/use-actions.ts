import { useState } from 'react';
import type { Command } from '../../core/run/commands.ts';
import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import { type Binding, useKeys } from '../shell/keys.ts';
import { type Possible, possibleFor } from './can.ts';
import { driverOf } from './current.ts';
import { type Next, nextOf } from './next.ts';
import type { Asking } from './reasons.ts';
import { resume } from './resume.ts';
import { send, useIsSending } from './send.ts';
import { useSettled } from './settled.ts';
import { type LoadedRun, useRuns } from './store.ts';

/** The dialog that is open. */
export type Asked = Asking | 'confirm' | 'resolve' | 'approve' | 'hand-over' | 'abort';

export interface Actions {
  next: Next | null;
  /** This window drives the run. */
  here: boolean;
  can: Possible;
  /** Deaf for a moment: what is shown has just changed, or the command is on its way. */
  busy: boolean;
  /** Does the next thing. */
  act: () => void;
  asking: Asked | null;
  ask: (asking: Asked | null) => void;
  /** Sends a command and closes the dialog once it was accepted. */
  give: (command: Command) => Promise<void>;
}

/** What can be done with the step on the screen, and the keys that do it. */
export function useActions(run: LoadedRun, step: StepState, answer: Value | null): Actions {
  const driver = useRuns((runs) => driverOf(runs.list, run.id));
  const [asking, ask] = useState<Asked | null>(null);
  const here = driver === 'here';
  const next = nextOf(run, driver, answer, step);
  const command = next?.does.kind === 'send' ? next.does.command : null;
  const sending = useIsSending(run.id, command);
  const settled = useSettled(
    `${next?.label} ${step.id} ${step.status} ${step.attempts.length} ${driver}`,
  );
  const busy = sending || !settled;
  const can = possibleFor(run, step, here);
  const trouble = step.status === 'failed' || step.status === 'cancelled';
  const { auto, allow, paused, declaredAt, handedOver, mode } = run.state;

  const act = () => {
    if (next === null || next.does.kind === 'nothing' || busy) return;
    if (next.does.kind === 'send') {
      if (next.does.confirm) ask('confirm');
      else void send(run.id, next.does.command);
    }
    if (next.does.kind === 'resolve' || next.does.kind === 'approve') ask(next.does.kind);
    if (next.does.kind === 'resume') void resume(run.id);
  };
  const tick = () => {
    const task = step.ticks.indexOf(null);
    if (!here || step.status !== 'waiting' || task < 0) return;
    void send(run.id, { kind: 'tick', step: step.id, task, done: true });
  };
  const only = (may: boolean, what: Asked) => () => {
    if (may) ask(what);
  };

  useKeys('part', 'Step', [
    { keys: 'Enter', name: next?.label.replace('…', '') ?? 'The next action', run: act },
    { keys: 'Space', name: 'Tick the next task', run: tick },
    { keys: 's', name: 'Skip with a reason', run: only(can.skip, 'skip') },
    { keys: 'u', name: 'Take the step back, with a reason', run: only(can.undo, 'undo') },
    { keys: 'n', name: 'Add a note', run: () => ask('note') },
    {
      keys: 'r',
      name: 'Retry',
      run: () => {
        if (trouble) act();
      },
    },
    {
      keys: '.',
      name: auto ? 'Pause auto mode' : 'Carry on by itself',
      run: () => {
        if (here) void send(run.id, { kind: 'pace', auto: !auto, allow });
      },
    },
    {
      keys: 'p',
      name: paused === null ? 'Pause the run, with a reason' : 'Resume the run',
      run: only(here, paused === null ? 'pause' : 'resume'),
    },
    ...named(here, 'Abort the run', () => ask('abort')),
    ...named(
      here && declaredAt === null && (mode === 'incident' || mode === 'drill'),
      'Declare now',
      () => void send(run.id, { kind: 'declare' }),
    ),
    ...named(handedOver === null, 'Hand the run over', () => ask('hand-over')),
    ...named(
      can.cancel,
      'Cancel the step',
      () => void send(run.id, { kind: 'cancel', step: step.id }),
    ),
    ...named(can.fail, 'Say that the step failed', () => ask('fail')),
    ...named(
      can.reopen,
      step.status === 'skipped' ? 'Give this step its turn again' : 'Do this step again',
      () => ask('reopen'),
    ),
  ]);

  const give = async (given: Command) => {
    if (await send(run.id, given)) ask(null);
  };
  return { next, here, can, busy, act, asking, ask, give };
}

/** What has no key but a name in the palette, where it can be done. */
function named(may: boolean, name: string, run: () => void): Binding[] {
  return may ? [{ keys: null, name, run }] : [];
}
