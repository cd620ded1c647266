import { peopleOf } from '../../core/run/people.ts';
import type { StepState } from '../../core/run/state.ts';
import { formatDuration } from '../../core/units.ts';
import { Hidden } from '../controls/Hidden.tsx';
import { Mark } from '../controls/Mark.tsx';
import { When } from '../controls/When.tsx';
import styles from './FoldedStep.module.css';
import type { LoadedRun } from './store.ts';
import { evidenceCount, lastAttempt, stateWords, tookMs } from './words.ts';

interface Props {
  run: LoadedRun;
  step: StepState;
  onLook: () => void;
}

/** A step that is over, in one line: mark, title, who, when, how long, how much evidence. */
export function FoldedStep({ run, step, onLook }: Props) {
  const attempt = lastAttempt(step);
  const took = tookMs(step);
  const by = peopleOf(step).join(', ');
  const at = attempt?.endedAt ?? step.skipped?.at ?? null;
  const evidence = evidenceCount(run, step);
  return (
    <button type="button" className={styles.folded} onClick={onLook}>
      <Mark kind={step.status} />
      <span className={styles.title}>
        <Hidden>Before: </Hidden>
        {step.title}
        <Hidden>, {stateWords[step.status]}</Hidden>
      </span>
      {by !== '' && <span>{by}</span>}
      {at !== null && <When at={at} />}
      {took !== null && <span>{formatDuration(took)}</span>}
      {evidence > 0 && <span>{evidence} kept</span>}
    </button>
  );
}
