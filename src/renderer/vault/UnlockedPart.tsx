import { formatDuration } from '../../core/units.ts';
import type { VaultStatus } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { report } from '../shell/problems.ts';
import { SecretForm } from './SecretForm.tsx';
import { lockVault } from './store.ts';
import styles from './Vault.module.css';

/** How long it stays open, what locks it, and the form for another secret. */
export function UnlockedPart({ status: { keyStore, idleMs } }: { status: VaultStatus }) {
  return (
    <>
      <div className={styles.head}>
        <p>
          <span className={styles.state}>Unlocked.</span>{' '}
          {keyStore
            ? 'The key store of this system opens it while you are signed in; Lock is for the command line alone.'
            : `It locks after ${formatDuration(idleMs)} without use, and when Muster is closed.`}
        </p>
        <Button onClick={() => lockVault().catch(report)}>Lock</Button>
      </div>
      <SecretForm name={null} />
    </>
  );
}
