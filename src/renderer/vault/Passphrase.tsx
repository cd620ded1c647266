import type { Problem } from '../../core/problem.ts';
import { Field } from '../controls/Field.tsx';

interface Props {
  value: string;
  /** Why the last one did not open it. */
  problem: Problem | null;
  onChange: (value: string) => void;
}

export function Passphrase({ value, problem, onChange }: Props) {
  return (
    <Field
      label="Passphrase"
      problem={problem === null ? null : `${problem.what} ${problem.safe} ${problem.next}`}
    >
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          data-first
          type="password"
          autoComplete="off"
          maxLength={1000}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
