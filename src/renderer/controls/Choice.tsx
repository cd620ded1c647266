import { useId } from 'react';
import styles from './Choice.module.css';

interface Option<V extends string> {
  value: V;
  label: string;
  help?: string;
}

interface Props<V extends string> {
  legend: string;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  /** The first option, or the chosen one, takes focus when its dialog opens. */
  first?: boolean;
  off?: boolean;
  /** Side by side instead of one below the other. */
  across?: boolean;
}

/** A few exclusive choices, all visible, as radio buttons. */
export function Choice<V extends string>(props: Props<V>) {
  const name = useId();
  const focused = props.value ?? props.options[0]?.value;
  return (
    <fieldset
      className={styles.choice}
      data-across={props.across || undefined}
      disabled={props.off}
    >
      <legend>{props.legend}</legend>
      {props.options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={props.value === option.value}
            onChange={() => props.onChange(option.value)}
            data-first={(props.first === true && option.value === focused) || undefined}
          />
          <span>
            <span className={styles.label}>{option.label}</span>
            {option.help !== undefined && <span className={styles.help}>{option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
