import { lazy, Suspense } from 'react';
import type { StepState } from '../../core/run/state.ts';
import { undoWords } from '../document/words.ts';
import { AbortDialog } from './AbortDialog.tsx';
import { ConfirmRun } from './ConfirmRun.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';
import { ResolveDialog } from './ResolveDialog.tsx';
import { isReason, reasonsFor } from './reasons.ts';
import type { LoadedRun } from './store.ts';
import type { Actions } from './use-actions.ts';

const ApprovalDialog = lazy(() => import('../people/ApprovalDialog.tsx'));
const HandOverDialog = lazy(() => import('../people/HandOverDialog.tsx'));

interface Props {
  run: LoadedRun;
  step: StepState;
  asking: Actions['asking'];
  actions: Actions;
}

/** The question that is open about a step or its run. */
export function ActionDialogs({ run, step, asking, actions }: Props) {
  const { next, give } = actions;
  const close = () => actions.ask(null);
  const spec = run.steps.get(step.id) ?? null;
  if (isReason(asking)) {
    const undo = spec === null ? '' : undoWords(spec, run.runbook);
    return (
      <ReasonDialog
        {...reasonsFor(asking, step, undo)}
        {...(asking === 'note' ? { attachTo: { run: run.id, step: step.id } } : {})}
        onClose={close}
        onGive={(command) => void give(command)}
      />
    );
  }
  switch (asking) {
    case null:
      return null;
    case 'confirm': {
      const command = next?.does.kind === 'send' ? next.does.command : null;
      if (command?.kind !== 'start') return null;
      return (
        <ConfirmRun
          run={run}
          step={step}
          onClose={close}
          onConfirm={(name) => void give(name === null ? command : { ...command, confirmed: name })}
        />
      );
    }
    case 'resolve':
      return <ResolveDialog run={run} step={step} onClose={close} onGive={give} />;
    case 'abort':
      return <AbortDialog run={run} onClose={close} onGive={(command) => void give(command)} />;
    case 'approve':
      if (spec?.action?.kind !== 'approve') return null;
      return (
        <Suspense>
          <ApprovalDialog
            run={run.id}
            step={step.id}
            title={step.title}
            statement={spec.action.statement}
            onClose={close}
          />
        </Suspense>
      );
    case 'hand-over':
      return (
        <Suspense>
          <HandOverDialog run={run.id} onClose={close} />
        </Suspense>
      );
  }
}
