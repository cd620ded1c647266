import { type SubmitEvent, useId, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { ask } from '../bridge.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Field } from '../controls/Field.tsx';
import { NewPassphrase } from '../controls/NewPassphrase.tsx';
import { load } from '../run/store.ts';
import { announce } from '../shell/announce.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import styles from './Form.module.css';

/** As the engine asks for; see `engine/hand-over/hand-over.ts`. */
const LEAST_PASSPHRASE = 12;

/** Gives the run to another operator, as a file that only the passphrase opens. */
export default function HandOverDialog({ run, onClose }: { run: string; onClose: () => void }) {
  const form = useId();
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isWhole = to.trim() !== '' && reason.trim() !== '' && passphrase !== null;
  const give = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !isWhole) return;
    setBusy(true);
    ask('run.handOver', { run, to: to.trim(), reason: reason.trim(), passphrase }).then(
      (file) => {
        setBusy(false);
        void load(run, true);
        if (file === null) return;
        announce(`Handed over to ${to.trim()}. The file is ${file}.`);
        onClose();
      },
      (thrown: unknown) => {
        setProblem(toProblem(thrown));
        setBusy(false);
        void load(run, true);
      },
    );
  };
  return (
    <Dialog
      title="Hand the run over"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" busy={busy} off={!isWhole}>
            Choose the file…
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={give}>
        <p>
          The whole run goes into one encrypted file, and another operator goes on with it. From
          then on it is read-only here. Send the file and the passphrase on two ways.
        </p>
        <Field label="To">
          {({ id, describedBy }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              data-first
              maxLength={200}
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
          )}
        </Field>
        <Field label="Why?" help="It goes into the record.">
          {({ id, describedBy }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              maxLength={4000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <NewPassphrase least={LEAST_PASSPHRASE} onChange={setPassphrase} />
        {problem !== null && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
