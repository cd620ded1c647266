import { useEffect, useRef, useState } from 'react';
import type { Value } from '../../core/run/events.ts';
import { Mark } from '../controls/Mark.tsx';
import { ActionBar } from './ActionBar.tsx';
import { FoldedStep } from './FoldedStep.tsx';
import { StepBody } from './StepBody.tsx';
import styles from './StepPane.module.css';
import { StepTrouble } from './StepTrouble.tsx';
import type { LoadedRun } from './store.ts';
import { currentStep, markOf, stateWords } from './words.ts';

interface Props {
  run: LoadedRun;
  id: string;
  onLook: (step: string) => void;
  /** Null when the view follows the current step. */
  onBack: (() => void) | null;
}

/** One step: what it says, what it runs, what came of it, and what to do now. */
export function StepPane({ run, id, onLook, onBack }: Props) {
  const [answer, setAnswer] = useState<Value | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const index = run.state.steps.findIndex((step) => step.id === id);
  const state = run.state.steps[index];
  const spec = run.steps.get(id);
  const current = currentStep(run) === id;

  useEffect(() => {
    // When the old step's control is gone, focus would fall to the window; the title catches it.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);

  if (state === undefined || spec === undefined) return null;
  const mark = markOf(run, state);
  const before = run.state.steps[index - 1];
  const after = run.state.steps[index + 1];
  return (
    <section className={styles.pane} aria-label="Step">
      <div className={styles.scroll}>
        {before !== undefined && current && (
          <FoldedStep run={run} step={before} onLook={() => onLook(before.id)} />
        )}
        <header className={styles.head}>
          <p className={styles.where}>
            <span>
              {[state.phase, ...spec.path].filter((part) => part !== '').join(' › ')}
              {state.phase === '' ? '' : ' · '}
              step {index + 1} of {run.state.steps.length}
            </span>
            <span className={styles.state}>
              <Mark kind={mark} />
              {stateWords[mark]}
            </span>
          </p>
          <h1 ref={heading} tabIndex={-1}>
            {state.title}
          </h1>
        </header>
        <StepTrouble run={run} step={state} />
        <StepBody run={run} spec={spec} state={state} answer={answer} onAnswer={setAnswer} />
        {after !== undefined && (
          <p className={styles.after}>
            Then{' '}
            <button type="button" onClick={() => onLook(after.id)}>
              {after.title}
            </button>
          </p>
        )}
      </div>
      <ActionBar
        run={run}
        step={state}
        current={current}
        answer={answer}
        onBack={current ? null : onBack}
      />
    </section>
  );
}
