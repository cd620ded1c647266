import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Code } from '../document/Code.tsx';
import { riskWords, undoWords } from '../document/words.ts';
import { useKeys } from '../shell/keys.ts';
import type { LoadedRun } from './store.ts';
import { targetWords } from './words.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  onClose: () => void;
  onConfirm: () => void;
}

/** Says what, on what, and asks for a second, different key. Enter alone only closes it. */
export function ConfirmRun({ run, step, onClose, onConfirm }: Props) {
  const spec = run.steps.get(step.id);
  useKeys('dialog', 'Confirm', [
    { keys: 'mod+Enter', name: 'Run it', run: onConfirm, always: 'everywhere' },
  ]);
  if (spec?.action?.kind !== 'shell') return null;
  return (
    <Dialog
      title={`Run "${step.title}"?`}
      role="alertdialog"
      width="wide"
      onClose={onClose}
      foot={
        <>
          <Button data-first onClick={onClose}>
            Cancel
          </Button>
          <Button look="danger" keys="mod+Enter" onClick={onConfirm}>
            Run it
          </Button>
        </>
      }
    >
      <div style={{ display: 'grid', gap: 12 }}>
        <p>
          This step is <strong>{riskWords[step.risk].name}</strong>: it{' '}
          {riskWords[step.risk].meaning}. It runs on <strong>{targetWords(run)}</strong>, with{' '}
          {undoWords(spec, run.runbook)}.
        </p>
        <Code code={spec.action.code} language={spec.action.language} />
      </div>
    </Dialog>
  );
}
