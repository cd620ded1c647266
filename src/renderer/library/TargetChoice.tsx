import type { CareLevel } from '../../core/targets/target.ts';
import type { KeptTarget } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Field } from '../controls/Field.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { openTargets } from '../targets/store.ts';
import styles from './StartPanel.module.css';

interface Props {
  roles: readonly string[];
  /** Null until they are read. */
  list: readonly KeptTarget[] | null;
  chosen: Readonly<Record<string, string>>;
  problems: Readonly<Record<string, string>>;
  first: boolean;
  onChoose: (role: string, name: string) => void;
}

const careWords: Record<CareLevel, string> = {
  practice: 'practice: there to be broken',
  standard: 'standard: destructive steps ask again',
  critical: 'critical: steps with risk ask for its name',
};

/** The target of each role, with its colour and its care in words. */
export function TargetChoice({ roles, list, chosen, problems, first, onChoose }: Props) {
  if (roles.length === 0) return null;
  if (list === null) return <Skeleton label="Reading the targets" rows={roles.length} />;
  return (
    <section className={styles.targets} aria-label="Targets">
      <div className={styles.targetsHead}>
        <h3>{roles.length === 1 ? 'Target' : 'Targets'}</h3>
        <Button look={list.length === 0 ? 'plain' : 'quiet'} onClick={openTargets}>
          {list.length === 0 ? 'Add a target…' : 'Targets…'}
        </Button>
      </div>
      {list.length === 0 ? (
        <p className={styles.quiet}>
          This runbook acts on a target, and there is none yet. Add the cluster, store or database
          that it is meant for.
        </p>
      ) : (
        roles.map((role, index) => {
          const target = list.find((kept) => kept.target.name === chosen[role])?.target;
          return (
            <div key={role} className={styles.target} data-colour={target?.colour}>
              <Field
                label={roles.length === 1 && role === 'primary' ? 'Runs on' : role}
                help={target === undefined ? null : helpOf(target)}
                problem={problems[role] ?? null}
              >
                {({ id, describedBy, invalid }) => (
                  <select
                    id={id}
                    aria-describedby={describedBy}
                    aria-invalid={invalid}
                    data-target
                    data-first={(first && index === 0) || undefined}
                    value={target?.name ?? ''}
                    onChange={(event) => onChoose(role, event.target.value)}
                  >
                    <option value="">Choose a target…</option>
                    {list.map((kept) => (
                      <option key={kept.target.name} value={kept.target.name}>
                        {kept.target.name} ({kept.target.care})
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
          );
        })
      )}
    </section>
  );
}

function helpOf({ care, colour, namespace }: KeptTarget['target']): string {
  const where = namespace === null ? '' : `, namespace ${namespace}`;
  return `${colour}${where}. Care is ${careWords[care]}.`;
}
