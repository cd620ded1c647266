import { useState } from 'react';
import { Field } from './Field.tsx';

interface Props {
  /** The fewest characters that the engine takes. */
  least: number;
  onChange: (passphrase: string | null) => void;
}

/** A passphrase typed twice; null until both are the same and long enough. */
export function NewPassphrase({ least, onChange }: Props) {
  const [words, setWords] = useState({ first: '', second: '' });
  const change = (next: typeof words) => {
    setWords(next);
    const isGood = next.first === next.second && next.first.trim().length >= least;
    onChange(isGood ? next.first : null);
  };
  const { first, second } = words;
  const tooShort = first !== '' && first.trim().length < least;
  return (
    <>
      <Field
        label="Passphrase"
        help={`At least ${least} characters: four words that do not belong together.`}
      >
        {({ id, describedBy }) => (
          <input
            id={id}
            aria-describedby={describedBy}
            type="password"
            autoComplete="off"
            maxLength={1000}
            value={first}
            onChange={(event) => change({ ...words, first: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Passphrase, again"
        problem={second !== '' && (tooShort || first !== second) ? problemOf(tooShort) : null}
      >
        {({ id, describedBy, invalid }) => (
          <input
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            type="password"
            autoComplete="off"
            maxLength={1000}
            value={second}
            onChange={(event) => change({ ...words, second: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function problemOf(tooShort: boolean): string {
  return tooShort ? 'It is too short.' : 'The two differ.';
}
