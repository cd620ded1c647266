import { useState } from 'react';
import { demandOf, guardedTarget, targetOf } from '../../core/run/care.ts';
import type { StepState } from '../../core/run/state.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Field } from '../controls/Field.tsx';
import { Code } from '../document/Code.tsx';
import { riskWords, undoWords } from '../document/words.ts';
import { useKeys } from '../shell/keys.ts';
import styles from './ConfirmRun.module.css';
import type { LoadedRun } from './store.ts';
import { WillChange } from './WillChange.tsx';
import { actionWords, targetWords } from './words.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  onClose: () => void;
  /** With the name of the target, where it is a critical one. */
  onConfirm: (confirmed: string | null) => void;
}

/**
 * Says what, on what, and asks for a second, different key; on a critical target for its name, too.
 * Enter alone only closes it.
 */
export function ConfirmRun({ run, step, onClose, onConfirm }: Props) {
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const spec = run.steps.get(step.id) ?? null;
  const name = guardedTarget(run.state, spec, step.risk);
  const mustType = demandOf(run.state, spec, step.risk) === 'type-name' && name !== null;
  const fits = !mustType || typed.trim() === name;
  const confirm = () => {
    setTried(true);
    if (fits) onConfirm(name);
  };
  useKeys('dialog', 'Confirm', [
    { keys: 'mod+Enter', name: 'Run it', run: confirm, always: 'everywhere' },
  ]);
  const action = spec?.action ?? null;
  if (spec === null || (action?.kind !== 'shell' && action?.kind !== 'structured')) return null;
  const colour = targetOf(run.state, spec)?.colour;
  return (
    <Dialog
      title={`Run "${step.title}"?`}
      role="alertdialog"
      width="wide"
      onClose={onClose}
      foot={
        <>
          <Button data-first={!mustType || undefined} onClick={onClose}>
            Cancel
          </Button>
          <Button look="danger" keys="mod+Enter" off={!fits} onClick={confirm}>
            Run it
          </Button>
        </>
      }
    >
      <div className={styles.confirm} data-colour={colour}>
        <p className={styles.on}>
          On <strong>{targetWords(run, spec)}</strong>
          {name !== null && ', which is critical'}
        </p>
        <p>
          This step is <strong>{riskWords[step.risk].name}</strong>: it{' '}
          {riskWords[step.risk].meaning}. Undo: {undoWords(spec, run.runbook)}.
        </p>
        {action.kind === 'structured' && (
          <p>
            <strong>{actionWords(run, step.id, action)}</strong>
          </p>
        )}
        <Code code={action.code} language={action.language} />
        {name !== null && action.kind === 'structured' && (
          <WillChange run={run.id} step={step.id} target={name} />
        )}
        {mustType && (
          <Field
            label={`Type ${name} to run it`}
            help={null}
            problem={tried && !fits ? 'This is not the name of the target.' : null}
          >
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                data-first
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
