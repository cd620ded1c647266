import type { InputSpec } from '../../core/runbook/model.ts';
import { Field } from '../controls/Field.tsx';
import styles from './StartPanel.module.css';

interface Props {
  input: InputSpec;
  value: string;
  problem: string | null;
  /** Takes focus when the panel opens. */
  first: boolean;
  onChange: (value: string) => void;
}

function helpOf(input: InputSpec): string | null {
  const parts = [
    input.help,
    input.proposed ? 'Optional: proposed by Muster from a placeholder in the text.' : null,
    input.default === null || input.choices.length > 0 || input.type === 'boolean'
      ? null
      : `Default: ${input.default}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** One input of a run, as its type asks for. */
export function InputField({ input, value, problem, first, onChange }: Props) {
  return (
    <Field label={input.name} help={helpOf(input)} problem={problem}>
      {({ id, describedBy, invalid }) => {
        const control = {
          id,
          'aria-describedby': describedBy,
          'aria-invalid': invalid,
          'data-input': true,
          'data-first': first || undefined,
        };
        if (input.type === 'secret') {
          return (
            <output id={id} className={styles.secret}>
              {input.secret ?? 'no reference'}: read by the main process, never shown here
            </output>
          );
        }
        const choices = input.type === 'boolean' ? ['true', 'false'] : input.choices;
        if (input.type === 'choice' || input.type === 'boolean') {
          return (
            <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
              <option value="">
                {input.default === null ? 'Choose…' : `Default: ${input.default}`}
              </option>
              {choices.map((choice) => (
                <option key={choice}>{choice}</option>
              ))}
            </select>
          );
        }
        return (
          <input
            {...control}
            type={input.type === 'date' ? 'date' : 'text'}
            inputMode={input.type === 'number' ? 'decimal' : undefined}
            placeholder={input.default ?? ''}
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        );
      }}
    </Field>
  );
}
