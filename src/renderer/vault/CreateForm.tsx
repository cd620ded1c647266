import { type SubmitEvent, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import type { VaultStatus } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { NewPassphrase } from '../controls/NewPassphrase.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { createVault } from './store.ts';
import styles from './Vault.module.css';

/** As the engine asks for; see `engine/credentials/vault.ts`. */
const LEAST_PASSPHRASE = 8;

export function CreateForm({ status }: { status: VaultStatus }) {
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const create = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || passphrase === null) return;
    setBusy(true);
    createVault(passphrase).catch((thrown: unknown) => {
      setProblem(toProblem(thrown));
      setBusy(false);
    });
  };
  return (
    <form className={styles.form} onSubmit={create}>
      <p>
        There is no vault yet. It keeps secrets encrypted under names, and runbooks and targets
        refer to them as <code>vault:NAME</code>.
      </p>
      <p>
        {status.opensBySystem
          ? 'The key store of this system opens it while you are signed in. The passphrase is for the command line, and for another machine.'
          : 'This system offers no key store, only plain text, and Muster does not use that: the vault opens with its passphrase alone.'}{' '}
        Nobody can open it without the passphrase: keep it safe.
      </p>
      <NewPassphrase least={LEAST_PASSPHRASE} onChange={setPassphrase} />
      <div className={styles.buttons}>
        <Button type="submit" look="primary" busy={busy} off={passphrase === null}>
          Make the vault
        </Button>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
    </form>
  );
}
