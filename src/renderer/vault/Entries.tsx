import { useState } from 'react';
import type { VaultStatus } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { report } from '../shell/problems.ts';
import { SecretForm } from './SecretForm.tsx';
import { removeSecret } from './store.ts';
import styles from './Vault.module.css';

/** The names in the vault. Values can be replaced and removed, and not be seen. */
export function Entries({ status: { entries, state } }: { status: VaultStatus }) {
  const [asked, setAsked] = useState<{ name: string; to: 'replace' | 'remove' } | null>(null);
  const close = () => setAsked(null);
  return (
    <section className={styles.entries} aria-label="Secrets">
      <h3>{entries.length === 1 ? '1 secret' : `${entries.length} secrets`}</h3>
      <ul>
        {entries.map(({ name, changedAt }) => (
          <li key={name} className={styles.entry}>
            <div className={styles.row}>
              <code className={styles.name}>vault:{name}</code>
              <span className={styles.changed}>
                {changedAt === null ? 'damaged: replace it' : <When at={changedAt} date />}
              </span>
              {state === 'unlocked' && (
                <Button
                  look="quiet"
                  aria-label={`Replace… ${name}`}
                  onClick={() => setAsked({ name, to: 'replace' })}
                >
                  Replace…
                </Button>
              )}
              <Button
                look="quiet"
                aria-label={`Remove… ${name}`}
                onClick={() => setAsked({ name, to: 'remove' })}
              >
                Remove…
              </Button>
            </div>
            {asked?.name === name && asked.to === 'replace' && (
              <SecretForm name={name} onClose={close} />
            )}
            {asked?.name === name && asked.to === 'remove' && (
              <div className={styles.buttons}>
                <Button
                  look="danger"
                  onClick={() => {
                    close();
                    removeSecret(name).catch(report);
                  }}
                >
                  Remove vault:{name}
                </Button>
                <Button look="quiet" onClick={close}>
                  Keep it
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
