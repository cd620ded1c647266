import { type SubmitEvent, useId, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Passphrase } from './Passphrase.tsx';
import { unlockVault } from './store.ts';
import styles from './Vault.module.css';

/** Asks for the passphrase where something waits for the vault, and lets it go on. */
export default function UnlockDialog({ onDone }: { onDone: (isUnlocked: boolean) => void }) {
  const form = useId();
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const unlock = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || passphrase === '') return;
    setBusy(true);
    unlockVault(passphrase).then(
      () => onDone(true),
      (thrown: unknown) => {
        setProblem(toProblem(thrown));
        setPassphrase('');
        setBusy(false);
      },
    );
  };
  return (
    <Dialog
      title="Unlock the vault"
      onClose={() => onDone(false)}
      foot={
        <>
          <Button onClick={() => onDone(false)}>Cancel</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            keys="Enter"
            busy={busy}
            off={passphrase === ''}
          >
            Unlock
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={unlock}>
        <p>A secret that is needed now lies in the vault, and the vault is locked.</p>
        <Passphrase
          value={passphrase}
          problem={problem}
          onChange={(value) => {
            setPassphrase(value);
            setProblem(null);
          }}
        />
      </form>
    </Dialog>
  );
}
