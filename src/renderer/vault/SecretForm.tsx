import { type SubmitEvent, useId, useRef, useState } from 'react';
import { type Problem, toProblem } from '../../core/problem.ts';
import { vaultEntry } from '../../core/secrets/reference.ts';
import { Button } from '../controls/Button.tsx';
import { Field } from '../controls/Field.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { keepSecret } from './store.ts';
import styles from './Vault.module.css';

interface Props {
  /** The entry whose value is replaced; null for a new one. */
  name: string | null;
  /** Called when it is kept, or when it shall stay as it is. */
  onClose?: () => void;
}

/** A value on its way into the vault. It leaves the field as soon as main has it. */
export function SecretForm({ name, onClose }: Props) {
  const heading = useId();
  const first = useRef<HTMLInputElement>(null);
  const [entry, setEntry] = useState(name ?? '');
  const [value, setValue] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isName = vaultEntry.test(entry);
  const keep = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isName || value === '') return;
    setValue('');
    keepSecret(entry, value).then(
      () => {
        setTried(false);
        setProblem(null);
        setEntry('');
        // Secrets come in twos and threes.
        first.current?.focus();
        onClose?.();
      },
      (thrown: unknown) => setProblem(toProblem(thrown)),
    );
  };
  return (
    <form className={styles.form} aria-labelledby={heading} onSubmit={keep}>
      <h3 id={heading}>{name === null ? 'Add a secret' : `Replace vault:${name}`}</h3>
      <div className={styles.pair}>
        {name === null && (
          <Field
            label="Name"
            help="NAME or NAME/KEY, such as orders-db/password."
            problem={
              tried && !isName ? 'Letters, digits, dots, hyphens and underscores; one slash.' : null
            }
          >
            {({ id, describedBy, invalid }) => (
              <input
                ref={first}
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                data-first
                autoComplete="off"
                spellCheck={false}
                value={entry}
                onChange={(event) => setEntry(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field
          label="Value"
          help="It goes to the vault and is never shown again."
          problem={tried && value === '' && problem === null ? 'There is no value yet.' : null}
        >
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              // It came up under the hand of whoever asked for it.
              // biome-ignore lint/a11y/noAutofocus: focus belongs where the next thing is typed
              autoFocus={name !== null}
              type="password"
              autoComplete="new-password"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className={styles.buttons}>
        <Button type="submit" look={name === null ? 'plain' : 'primary'}>
          {name === null ? 'Add' : 'Replace'}
        </Button>
        {onClose !== undefined && (
          <Button look="quiet" onClick={onClose}>
            Keep it as it is
          </Button>
        )}
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
    </form>
  );
}
