import { useEffect, useId, useRef } from 'react';
import { refuseAnswer } from '../../core/run/answer.ts';
import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import type { AskAction } from '../../core/runbook/model.ts';
import { Keys } from '../controls/Keys.tsx';
import { useKeys } from '../shell/keys.ts';
import styles from './AskForm.module.css';
import { send } from './send.ts';
import type { LoadedRun } from './store.ts';

interface Props {
  run: LoadedRun;
  action: AskAction;
  state: StepState;
  answer: Value | null;
  onAnswer: (answer: Value | null) => void;
}

/** A question. The answer goes out with the step's one filled button. */
export function AskForm({ run, action, state, answer, onAnswer }: Props) {
  const name = useId();
  const field = useRef<HTMLInputElement>(null);
  const open = state.status === 'waiting' && !state.ticks.includes(null);
  const given = state.answer === null ? answer : state.answer;
  const problem = answer === null || !open ? null : refuseAnswer(action, answer);

  useEffect(() => {
    if (open && action.choices.length === 0) field.current?.focus({ preventScroll: true });
  }, [open, action.choices.length]);

  useKeys(
    'part',
    'Question',
    !open
      ? []
      : action.choices.slice(0, 9).map((choice, index) => ({
          keys: String(index + 1),
          name: `Choose ${choice.label}`,
          run: () => onAnswer(choice.value),
        })),
  );

  if (action.choices.length === 0) {
    return (
      <div className={styles.ask}>
        <label className={styles.question} htmlFor={name}>
          {action.question}
        </label>
        <input
          ref={field}
          id={name}
          type="text"
          className={styles.field}
          value={String(given ?? '')}
          disabled={!open}
          aria-invalid={problem !== null}
          aria-describedby={`${name}-problem`}
          onChange={(event) => onAnswer(event.target.value === '' ? null : event.target.value)}
          onKeyDown={(event) => {
            const ready =
              event.key === 'Enter' && !event.repeat && answer !== null && problem === null;
            if (ready) void send(run.id, { kind: 'answer', step: state.id, answer });
          }}
        />
        <p id={`${name}-problem`} className={styles.problem}>
          {problem === null ? '' : `${problem.what} ${problem.next}`}
        </p>
      </div>
    );
  }
  return (
    <fieldset className={styles.ask} disabled={!open}>
      <legend className={styles.question}>{action.question}</legend>
      {action.choices.map((choice, index) => (
        <label key={choice.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            checked={given === choice.value}
            onChange={() => onAnswer(choice.value)}
          />
          <span className={styles.label}>{choice.label}</span>
          {index < 9 && open && <Keys keys={String(index + 1)} />}
        </label>
      ))}
    </fieldset>
  );
}
