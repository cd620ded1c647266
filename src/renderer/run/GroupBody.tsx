import type { StepState } from '../../core/run/state.ts';
import { containersOf } from '../../core/run/step-ids.ts';
import { countSteps } from '../../core/run/summary.ts';
import type { Step } from '../../core/runbook/model.ts';
import { Hidden } from '../controls/Hidden.tsx';
import { Mark } from '../controls/Mark.tsx';
import { Markdown } from '../document/Markdown.tsx';
import styles from './GroupBody.module.css';
import type { LoadedRun } from './store.ts';
import { markOf, stateWords } from './words.ts';

interface Props {
  run: LoadedRun;
  spec: Step;
  state: StepState;
  onLook: (step: string) => void;
}

/** So many steps are named; the list of steps has all of them. */
const MOST = 60;

/** A step that is made of others: what its author wrote, and how far they are. */
export function GroupBody({ run, spec, state, onLook }: Props) {
  const inside = run.state.steps.filter(({ id }) => containersOf(id).includes(state.id));
  const direct = inside.filter(({ id }) => containersOf(id)[0] === state.id);
  const { done, total } = countSteps(inside);
  return (
    <div className={styles.body}>
      {spec.parts.map((part) =>
        part.kind === 'prose' ? <Markdown key={part.range.start} text={part.markdown} /> : null,
      )}
      <p className={styles.about}>
        {spec.each !== null && state.does === 'loop'
          ? listWords(spec, state)
          : callWords(run, spec)}
        {total > 0 && ` ${done} of ${total} steps are done.`}
      </p>
      <ul className={styles.steps} aria-label={`Steps of ${state.title}`}>
        {direct.slice(0, MOST).map((step) => {
          const mark = markOf(run, step);
          return (
            <li key={step.id}>
              <button type="button" title={step.title} onClick={() => onLook(step.id)}>
                <Mark kind={mark} />
                <span>
                  {step.title}
                  <Hidden>, {stateWords[mark]}</Hidden>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {direct.length > MOST && (
        <p className={styles.about}>{direct.length - MOST} more stand in the list of steps.</p>
      )}
    </div>
  );
}

function listWords(spec: Step, state: StepState): string {
  const limit = spec.each?.limit ?? 1;
  const how = limit > 1 ? `at most ${limit} at the same time` : 'one after the other';
  if (state.loop === null) {
    const of = spec.each?.of;
    const from = of?.from === 'value' ? ` It is what ${of.value} holds by then.` : '';
    return `Done once for each item of a list, ${how}.${from}`;
  }
  const count = state.loop.items.length === 1 ? '1 item' : `${state.loop.items.length} items`;
  return `Done once for each of ${count}, ${how}.`;
}

function callWords(run: LoadedRun, spec: Step): string {
  const called = run.runbook.called[spec.id];
  if (called === undefined) return 'It calls another runbook, which cannot be read any more.';
  return `It calls the runbook "${called.title}" (${called.path}).`;
}
