import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import type { Step } from '../../core/runbook/model.ts';
import { Markdown } from '../document/Markdown.tsx';
import { Query } from '../document/Query.tsx';
import { ActionCard } from './ActionCard.tsx';
import { AskForm } from './AskForm.tsx';
import { OutputPanel } from './OutputPanel.tsx';
import styles from './StepBody.module.css';
import type { LoadedRun } from './store.ts';
import { Tasks } from './Tasks.tsx';

interface Props {
  run: LoadedRun;
  spec: Step;
  state: StepState;
  answer: Value | null;
  onAnswer: (answer: Value | null) => void;
}

/** The step from top to bottom as its author wrote it; output stands right below what ran. */
export function StepBody({ run, spec, state, answer, onAnswer }: Props) {
  return (
    <div className={styles.body}>
      {spec.parts.map((part) => {
        const key = `${part.kind}${part.range.start}`;
        if (part.kind === 'prose') return <Markdown key={key} text={part.markdown} />;
        if (part.kind === 'tasks') {
          return (
            <Tasks
              key={key}
              run={run}
              spec={spec}
              state={state}
              first={part.first}
              count={part.count}
            />
          );
        }
        if (spec.action?.kind === 'ask') {
          return (
            <AskForm
              key={key}
              run={run}
              action={spec.action}
              state={state}
              answer={answer}
              onAnswer={onAnswer}
            />
          );
        }
        if (spec.action === null) return null;
        if (spec.action.kind !== 'shell') return <Query key={key} action={spec.action} />;
        return (
          <div key={key} className={styles.action}>
            <ActionCard run={run} step={spec} action={spec.action} />
            <OutputPanel run={run} step={state} interactive={spec.action.interactive} />
          </div>
        );
      })}
    </div>
  );
}
