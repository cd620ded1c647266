import { useEffect } from 'react';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { CreateForm } from './CreateForm.tsx';
import { Entries } from './Entries.tsx';
import { closeVault, readVault, useVault } from './store.ts';
import { UnlockedPart } from './UnlockedPart.tsx';
import { UnlockForm } from './UnlockForm.tsx';

/** The vault of secrets: whether it is open, and the names in it. No value is ever shown. */
export default function VaultDialog() {
  const status = useVault((vault) => vault.status);
  useEffect(readVault, []);
  return (
    <Dialog
      // Another state is another dialog, so that focus goes to its first field.
      key={status?.state ?? 'loading'}
      title="Vault"
      width="wide"
      onClose={closeVault}
      foot={<Button onClick={closeVault}>Close</Button>}
    >
      {status === null && <Skeleton label="Reading the vault" rows={3} />}
      {status?.state === 'missing' && <CreateForm status={status} />}
      {status?.state === 'locked' && <UnlockForm />}
      {status?.state === 'unlocked' && <UnlockedPart status={status} />}
      {status !== null && status.entries.length > 0 && <Entries status={status} />}
    </Dialog>
  );
}
