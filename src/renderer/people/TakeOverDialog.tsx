import { type SubmitEvent, useId, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Field } from '../controls/Field.tsx';
import { load } from '../run/store.ts';
import { go } from '../shell/navigation.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import styles from './Form.module.css';

interface Props {
  /** The file that the operator chose. */
  file: string;
  onClose: () => void;
}

/** Verifies a run that was handed over, and takes it over. */
export default function TakeOverDialog({ file, onClose }: Props) {
  const form = useId();
  const [passphrase, setPassphrase] = useState('');
  const [back, setBack] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isOwn = problem?.code === 'take-over-own';
  const take = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || passphrase === '') return;
    setBusy(true);
    ask('run.takeOver', { file, passphrase, back }).then(
      ({ run }) => {
        onClose();
        void load(run, true);
        go('run', run);
      },
      (thrown: unknown) => {
        setProblem(toProblem(thrown));
        setBusy(false);
      },
    );
  };
  return (
    <Dialog
      title="Take over a run"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            keys="Enter"
            busy={busy}
            off={passphrase === ''}
          >
            Verify and take over
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={take}>
        <p>{file}</p>
        <Field label="Passphrase" help="From whoever handed the run over, on another way.">
          {({ id, describedBy }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              data-first
              type="password"
              autoComplete="off"
              maxLength={1000}
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          )}
        </Field>
        {(isOwn || back) && (
          <label>
            <input
              type="checkbox"
              checked={back}
              onChange={(event) => setBack(event.target.checked)}
            />{' '}
            Nobody took it over. Take it back.
          </label>
        )}
        {problem !== null && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
