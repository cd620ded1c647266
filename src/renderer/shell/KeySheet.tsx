import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Keys } from '../controls/Keys.tsx';
import styles from './KeySheet.module.css';
import { boundKeys, useKeys } from './keys.ts';

/** The keys that work on the screen behind it. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  useKeys('dialog', 'Keys', [{ keys: '?', name: 'Close', run: onClose }]);
  return (
    <Dialog
      title="Keys of this screen"
      width="wide"
      onClose={onClose}
      foot={
        <Button look="plain" data-first onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className={styles.sheet}>
        {boundKeys().map(({ group, bindings }) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {bindings.map(
                ({ keys, name }) =>
                  keys !== null && (
                    <div key={keys + name}>
                      <dt>{name}</dt>
                      <dd>
                        <span className={styles.spoken}>{keys}</span>
                        <Keys keys={keys} />
                      </dd>
                    </div>
                  ),
              )}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
