import type { Value } from '../../core/run/events.ts';
import type { StepState } from '../../core/run/state.ts';
import type { Action, ShellAction, Step, StructuredAction } from '../../core/runbook/model.ts';
import { Markdown } from '../document/Markdown.tsx';
import { Query } from '../document/Query.tsx';
import { ActionCard } from './ActionCard.tsx';
import { AskForm } from './AskForm.tsx';
import { EvidenceList } from './EvidenceList.tsx';
import { OutputPanel } from './OutputPanel.tsx';
import { ProgressBar } from './ProgressBar.tsx';
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
        if (spec.action.kind !== 'shell' && spec.action.kind !== 'structured') {
          return <Query key={key} action={spec.action} />;
        }
        return <MachinePart key={key} run={run} spec={spec} state={state} action={spec.action} />;
      })}
      {/* What takes a step back by itself has no text of its own. */}
      {spec.parts.length === 0 && isMachineAction(spec.action) && (
        <MachinePart run={run} spec={spec} state={state} action={spec.action} />
      )}
    </div>
  );
}

type MachineAction = ShellAction | StructuredAction;

function isMachineAction(action: Action | null): action is MachineAction {
  return action?.kind === 'shell' || action?.kind === 'structured';
}

interface MachineProps extends Pick<Props, 'run' | 'spec' | 'state'> {
  action: MachineAction;
}

/** What a machine does: before, while and after it does it. */
function MachinePart({ run, spec, state, action }: MachineProps) {
  return (
    <div className={styles.action}>
      <ActionCard run={run} id={state.id} step={spec} action={action} />
      {state.status === 'running' && <ProgressBar run={run.id} step={state.id} />}
      <OutputPanel
        run={run}
        step={state}
        interactive={action.kind === 'shell' && action.interactive}
      />
      <EvidenceList run={run.id} step={state} />
    </div>
  );
}
