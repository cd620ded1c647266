import { useEffect, useRef, useState } from 'react';
import type { Value } from '../../core/run/events.ts';
import { stepNamed } from '../../core/run/places.ts';
import { Mark } from '../controls/Mark.tsx';
import { ActionBar } from './ActionBar.tsx';
import { FoldedStep } from './FoldedStep.tsx';
import { GroupBody } from './GroupBody.tsx';
import { StepBody } from './StepBody.tsx';
import styles from './StepPane.module.css';
import { StepTrouble } from './StepTrouble.tsx';
import { StepTurn } from './StepTurn.tsx';
import type { LoadedRun } from './store.ts';
import { markOf, placeWords, stateWords } from './words.ts';

/** Where focus goes when a step is chosen. */
export const stepHeading = 'step-title';

interface Props {
  run: LoadedRun;
  id: string;
  onLook: (step: string) => void;
  /** Null when the view follows the step that comes first. */
  onBack: (() => void) | null;
}

/** One step: what it says, what it runs, what came of it, and what to do now. */
export function StepPane({ run, id, onLook, onBack }: Props) {
  const [answer, setAnswer] = useState<Value | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const found = stepNamed(run.state, id);
  const spec = run.steps.get(id);
  const current = run.focus === id;

  useEffect(() => {
    // When the old step's control is gone, focus would fall to the window; and a row of the list that
    // was chosen would keep it, and Enter with it. The title catches it.
    const held = document.activeElement;
    const inList = held?.closest('[data-steps]') !== null;
    if (held === document.body || inList) heading.current?.focus({ preventScroll: true });
  }, []);

  if (found === null || spec === undefined) return null;
  const { index, step: state } = found;
  const mark = markOf(run, state);
  const before = run.state.steps[index - 1];
  const after = run.state.steps[index + 1];
  return (
    <section className={styles.pane} aria-label="Step">
      <div className={styles.scroll}>
        {before !== undefined && before.status !== 'pending' && current && (
          <FoldedStep run={run} step={before} onLook={() => onLook(before.id)} />
        )}
        <header className={styles.head}>
          <p className={styles.where}>
            <span>
              {[state.phase, ...spec.path].filter((part) => part !== '').join(' › ')}
              {state.phase === '' ? '' : ' · '}
              {placeWords(run, state)}
            </span>
            <span className={styles.state}>
              <Mark kind={mark} />
              {stateWords[mark]}
            </span>
          </p>
          <h1 ref={heading} id={stepHeading} tabIndex={-1}>
            {state.title}
          </h1>
        </header>
        <StepTurn run={run} step={state} spec={spec} onLook={onLook} />
        <StepTrouble run={run} step={state} />
        {state.does === 'call' || state.does === 'loop' ? (
          <GroupBody run={run} spec={spec} state={state} onLook={onLook} />
        ) : (
          <StepBody run={run} spec={spec} state={state} answer={answer} onAnswer={setAnswer} />
        )}
        {after !== undefined && (
          <p className={styles.after}>
            Then{' '}
            <button type="button" onClick={() => onLook(after.id)}>
              {after.title}
            </button>
          </p>
        )}
      </div>
      <ActionBar run={run} step={state} answer={answer} onBack={current ? null : onBack} />
    </section>
  );
}
