import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

interface FieldProps {
  label: string;
  help?: string | null;
  problem?: string | null;
  /** Receives the ids that tie the control to its label, help and problem. */
  children: (control: { id: string; describedBy: string; invalid: boolean }) => ReactNode;
}

/** A label, a control, one line of help and, beside it, what is wrong. */
export function Field({ label, help, problem, children }: FieldProps) {
  const id = useId();
  const wrong = problem !== null && problem !== undefined;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {children({ id, describedBy: `${id}-help ${id}-problem`, invalid: wrong })}
      {help !== null && help !== undefined && (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      )}
      <p id={`${id}-problem`} className={styles.problem}>
        {wrong ? problem : ''}
      </p>
    </div>
  );
}
