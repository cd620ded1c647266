import { useEffect, useState } from 'react';
import type { Target } from '../../core/targets/target.ts';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { openVault } from '../vault/store.ts';
import { closeTargets, followTargets, useTargets } from './store.ts';
import { TargetForm } from './TargetForm.tsx';
import { TargetRow } from './TargetRow.tsx';
import styles from './Targets.module.css';

/** The environments that runs act on: what there is, what is pinned, and how to add one. */
export default function TargetsDialog() {
  const list = useTargets((targets) => targets.list);
  const [form, setForm] = useState<{ before: Target | null } | null>(null);
  useEffect(followTargets, []);

  if (form !== null) return <TargetForm before={form.before} onClose={() => setForm(null)} />;
  return (
    <Dialog
      title="Targets"
      width="wide"
      onClose={closeTargets}
      foot={
        <>
          <Button look="quiet" onClick={openVault}>
            Vault…
          </Button>
          <Button onClick={closeTargets}>Close</Button>
          <Button look="primary" data-first onClick={() => setForm({ before: null })}>
            Add target…
          </Button>
        </>
      }
    >
      {list === null && <Skeleton label="Loading targets" rows={3} />}
      {list?.length === 0 && (
        <p className={styles.empty}>
          There is no target yet. Add one from a context of your kubeconfig or a profile of AWS, so
          that runs cannot reach the wrong system.
        </p>
      )}
      <ul className={styles.list}>
        {list?.map((kept) => (
          <TargetRow
            key={kept.target.name}
            kept={kept}
            onEdit={() => setForm({ before: kept.target })}
          />
        ))}
      </ul>
    </Dialog>
  );
}
