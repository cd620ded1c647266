import { Field } from './Field.tsx';

/** In characters. */
const LONGEST = 4000;

interface Props {
  label: string;
  help?: string;
  problem?: string | null;
  value: string;
  /** The dialog begins here. */
  first?: boolean;
  onChange: (text: string) => void;
}

/** A few words that go into the record. Enter sends the form, Shift and Enter make a new line. */
export function SentenceField({ label, help, problem, value, first = false, onChange }: Props) {
  return (
    <Field label={label} help={help ?? null} problem={problem ?? null}>
      {({ id, describedBy, invalid }) => (
        <textarea
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          data-first={first || undefined}
          maxLength={LONGEST}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (!event.repeat) event.currentTarget.form?.requestSubmit();
          }}
        />
      )}
    </Field>
  );
}
