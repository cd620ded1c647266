import { useState } from 'react';
import { identityKey, identityWords, partName } from '../../core/targets/identity.ts';
import { placesOf } from '../../core/targets/snapshot.ts';
import type { Discovered, KeptTarget } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { report } from '../shell/problems.ts';
import { CheckResult } from './CheckResult.tsx';
import { checkTarget, removeTarget, useTargets } from './store.ts';
import styles from './Targets.module.css';

/** One target: its colour and name, where it leads, what is pinned, and what it answers now. */
export function TargetRow({ kept, onEdit }: { kept: KeptTarget; onEdit: () => void }) {
  const { target, pins } = kept;
  const { name, colour, care, namespace } = target;
  const checked = useTargets(({ checks }) => checks[name]);
  const broken = useTargets(({ discovered }) => brokenContext(kept, discovered));
  const [removing, setRemoving] = useState(false);
  return (
    <li className={styles.target} data-colour={colour}>
      <div className={styles.head}>
        <h3 className={styles.name}>{name}</h3>
        <span className={styles.facts}>
          {colour}, care: {care}
          {namespace !== null && `, namespace ${namespace}`}
        </span>
      </div>
      <ul className={styles.places}>
        {placesOf(target).map((place) => (
          <li key={place}>{place}</li>
        ))}
        {placesOf(target).length === 0 && <li>It leads nowhere yet.</li>}
      </ul>
      {broken !== null && <p className={styles.broken}>The context cannot be used: {broken}.</p>}
      <ul className={styles.pins}>
        {pins.length === 0 && (
          <li>Nothing is pinned yet. The first check or run pins what answers.</li>
        )}
        {pins.map(({ part, pinnedAt, pinnedBy }) => (
          <li key={identityKey(part)}>
            {partName(identityKey(part))} <code>{identityWords(part)}</code>, pinned{' '}
            <When at={pinnedAt} date /> by {pinnedBy}
          </li>
        ))}
      </ul>
      {checked !== undefined && <CheckResult name={name} checked={checked} />}
      <div className={styles.buttons}>
        <Button
          busy={checked?.state === 'asking'}
          aria-label={`Check now: ${name}`}
          onClick={() => checkTarget(name, false)}
        >
          Check now
        </Button>
        <Button look="quiet" aria-label={`Edit… ${name}`} onClick={onEdit}>
          Edit…
        </Button>
        {removing ? (
          <>
            <Button look="danger" onClick={() => removeTarget(name).catch(report)}>
              Remove {name}
            </Button>
            <Button look="quiet" onClick={() => setRemoving(false)}>
              Keep it
            </Button>
          </>
        ) : (
          <Button look="quiet" aria-label={`Remove… ${name}`} onClick={() => setRemoving(true)}>
            Remove…
          </Button>
        )}
      </div>
    </li>
  );
}

/** Why the context of a target cannot be used, as far as the usual kubeconfigs tell; else null. */
function brokenContext({ target }: KeptTarget, discovered: Discovered | null): string | null {
  const { kubernetes } = target;
  if (kubernetes === null || discovered === null) return null;
  const found = discovered.contexts.find(({ name }) => name === kubernetes.context);
  if (found !== undefined) return found.broken;
  return kubernetes.kubeconfig === null ? 'no kubeconfig has it' : null;
}
