import { type SubmitEvent, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { Button } from '../controls/Button.tsx';
import { Passphrase } from './Passphrase.tsx';
import { unlockVault } from './store.ts';
import styles from './Vault.module.css';

export function UnlockForm() {
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const unlock = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || passphrase === '') return;
    setBusy(true);
    unlockVault(passphrase).catch((thrown: unknown) => {
      setProblem(toProblem(thrown));
      setPassphrase('');
      setBusy(false);
    });
  };
  return (
    <form className={styles.form} onSubmit={unlock}>
      <p className={styles.state}>Locked</p>
      <Passphrase
        value={passphrase}
        problem={problem}
        onChange={(value) => {
          setPassphrase(value);
          setProblem(null);
        }}
      />
      <div className={styles.buttons}>
        <Button type="submit" look="primary" busy={busy} off={passphrase === ''}>
          Unlock
        </Button>
      </div>
    </form>
  );
}
