import { type DatabasePlace, databasePlaceSchema } from '../../core/targets/target.ts';
import { Button } from '../controls/Button.tsx';
import { Field } from '../controls/Field.tsx';
import type { DatabaseDraft } from './form.ts';
import styles from './Targets.module.css';

const { sslmode: modes } = databasePlaceSchema.shape;
const modeWords: Record<DatabasePlace['sslmode'], string> = {
  disable: 'never',
  prefer: 'where it can',
  require: 'always',
  'verify-ca': 'always, by a known authority',
  'verify-full': 'always, and the name is checked',
};

interface Props {
  draft: DatabaseDraft;
  /** It was added just now, so focus goes to its first field. */
  isNew: boolean;
  wrongIn: (field: string) => string | null;
  onChange: (part: Partial<DatabaseDraft>) => void;
  onRemove: () => void;
}

/** One PostgreSQL connection of a target: reached as it is, or through the target's cluster. */
export function DatabaseFields({ draft, isNew, wrongIn, onChange, onRemove }: Props) {
  const text = (
    part: Exclude<keyof DatabaseDraft, 'id' | 'sslmode'>,
    label: string,
    help: string | null = null,
  ) => (
    <Field label={label} help={help} problem={wrongIn(part)}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          // biome-ignore lint/a11y/noAutofocus: it came up because somebody asked for it
          autoFocus={isNew && part === 'name'}
          autoComplete="off"
          spellCheck={false}
          value={draft[part]}
          onChange={(event) => onChange({ [part]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className={styles.database}>
      <legend>Database {draft.name}</legend>
      <div className={styles.pair}>
        {text('name', 'Connection', 'As steps call it, such as main.')}
        {text('database', 'Database')}
        {text('host', 'Host', 'Certificates are checked against it.')}
        {text('port', 'Port')}
        {text('user', 'User')}
        {text('password', 'Password from', 'Such as vault:orders-db or env:PGPASSWORD.')}
        {text(
          'through',
          'Through',
          'Such as service/orders-db; empty where it is reached directly.',
        )}
        <Field label="TLS">
          {({ id, describedBy }) => (
            <select
              id={id}
              aria-describedby={describedBy}
              value={draft.sslmode}
              onChange={(event) => onChange({ sslmode: modes.parse(event.target.value) })}
            >
              {modes.options.map((mode) => (
                <option key={mode} value={mode}>
                  {mode}: {modeWords[mode]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {draft.sslmode.startsWith('verify') &&
          text('sslRootCert', 'Certificates to trust', 'A file; empty for those of this machine.')}
      </div>
      <Button look="quiet" aria-label={`Remove the database ${draft.name}`} onClick={onRemove}>
        Remove
      </Button>
    </fieldset>
  );
}
