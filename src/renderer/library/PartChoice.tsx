import type { Runbook } from '../../core/runbook/model.ts';
import styles from './StartPanel.module.css';
import { choosable, type Part } from './start.ts';

interface Props {
  runbook: Runbook;
  part: Part;
  onPart: (part: Part) => void;
}

const kinds = [
  { value: 'all', label: 'All steps' },
  { value: 'from', label: 'From a step on' },
  { value: 'chosen', label: 'Chosen steps' },
] as const;

/** Which steps the run does. The others are recorded as left out, and can get their turn later. */
export function PartChoice({ runbook, part, onPart }: Props) {
  const steps = choosable(runbook);
  const change = (kind: Part['kind']) => {
    if (kind === 'all') onPart({ kind });
    if (kind === 'from') onPart({ kind, step: steps[0]?.id ?? '' });
    if (kind === 'chosen') onPart({ kind, steps: steps.map(({ id }) => id) });
  };
  return (
    <div>
      <div className={styles.which}>
        <strong>Steps</strong>
        <select
          aria-label="Which steps"
          value={part.kind}
          onChange={(event) => {
            const kind = kinds.find(({ value }) => value === event.target.value);
            if (kind !== undefined) change(kind.value);
          }}
        >
          {kinds.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {part.kind === 'from' && (
        <label className={styles.allow}>
          Begins with
          <select
            value={part.step}
            onChange={(event) => onPart({ kind: 'from', step: event.target.value })}
          >
            {steps.map(({ id, title }, index) => (
              <option key={id} value={id}>
                {index + 1}. {title}
              </option>
            ))}
          </select>
        </label>
      )}
      {part.kind === 'chosen' && (
        <fieldset className={styles.steps}>
          <legend>
            {part.steps.length} of {steps.length} steps
          </legend>
          {steps.map(({ id, title }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={part.steps.includes(id)}
                onChange={(event) => {
                  const others = part.steps.filter((one) => one !== id);
                  onPart({
                    kind: 'chosen',
                    steps: event.target.checked ? [...others, id] : others,
                  });
                }}
              />
              <span>{title}</span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
