import { Choice } from '../controls/Choice.tsx';
import { Field } from '../controls/Field.tsx';
import type { Draft } from './form.ts';
import styles from './Targets.module.css';

const kinds = [
  { value: 'none', label: 'None' },
  { value: 's3', label: 'S3' },
  { value: 'folder', label: 'Folder' },
] as const;

interface Props {
  draft: Draft;
  profiles: readonly string[];
  wrongIn: (field: string) => string | null;
  onChange: (part: Partial<Draft>) => void;
}

/** The object store of a target: an S3 site by profile or by keys, or a folder. */
export function StoreFields({ draft, profiles, wrongIn, onChange }: Props) {
  const text = (
    part: 'endpoint' | 'region' | 'bucket' | 'accessKey' | 'secretKey' | 'folder',
    label: string,
    help: string | null = null,
  ) => (
    <Field label={label} help={help} problem={wrongIn(part === 'folder' ? 'path' : part)}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          value={draft[part]}
          onChange={(event) => onChange({ [part]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Choice
        legend="Object store"
        options={kinds}
        value={draft.store}
        onChange={(store) => onChange({ store })}
        across
      />
      {draft.store === 'folder' && text('folder', 'Folder', 'An absolute path on this machine.')}
      {draft.store === 's3' && (
        <>
          <div className={styles.pair}>
            <Field
              label="AWS profile"
              help="Its keys, role or sign-in; or give keys by reference."
              problem={wrongIn('profile') ?? wrongIn('objectStore')}
            >
              {({ id, describedBy }) => (
                <select
                  id={id}
                  aria-describedby={describedBy}
                  value={draft.profile}
                  onChange={(event) => onChange({ profile: event.target.value })}
                >
                  <option value="">None</option>
                  {[...new Set([...profiles, draft.profile])]
                    .filter((profile) => profile !== '')
                    .map((profile) => (
                      <option key={profile} value={profile}>
                        {profile}
                      </option>
                    ))}
                </select>
              )}
            </Field>
            {text('region', 'Region')}
            {text('endpoint', 'Endpoint', 'Empty for AWS itself.')}
            {text('bucket', 'Bucket', 'Its owner is pinned as well.')}
            {text('accessKey', 'Access key from', 'Such as vault:s3/access-key or env:S3_KEY.')}
            {text(
              'secretKey',
              'Secret key from',
              'A reference too; the key itself has no place here.',
            )}
          </div>
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={draft.pathStyle}
              onChange={(event) => onChange({ pathStyle: event.target.checked })}
            />
            The bucket stands in the path, as most sites other than AWS want it
          </label>
        </>
      )}
    </>
  );
}
