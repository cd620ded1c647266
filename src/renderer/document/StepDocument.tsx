import type { ReactNode } from 'react';
import type { Runbook, Step } from '../../core/runbook/model.ts';
import { Code } from './Code.tsx';
import { Expected } from './Expected.tsx';
import { LongText } from './LongText.tsx';
import { Markdown } from './Markdown.tsx';
import { laidOut } from './parts.ts';
import { Query } from './Query.tsx';
import styles from './StepDocument.module.css';
import { riskWords, timeoutWords, undoWords } from './words.ts';

function ActionDocument({ step, unreviewed }: { step: Step; unreviewed: ReactNode }) {
  const action = step.action;
  if (action === null) return null;
  if (action.kind === 'ask') {
    return (
      <div className={styles.ask}>
        <p>{action.question}</p>
        {action.choices.length === 0 ? (
          <p className={styles.quiet}>A written answer.</p>
        ) : (
          <ul>
            {action.choices.map((choice) => (
              <li key={choice.value}>{choice.label}</li>
            ))}
          </ul>
        )}
      </div>
    );
  }
  if (action.kind !== 'shell') return <Query action={action} />;
  return (
    <>
      <Code code={action.code} language={action.language}>
        {action.interactive && <span>in the terminal</span>}
        {!action.reviewed && (
          <>
            <span className={styles.unreviewed}>unreviewed</span>
            {unreviewed}
          </>
        )}
      </Code>
      <Expected action={action} />
    </>
  );
}

interface Props {
  step: Step;
  runbook: Runbook;
  /** What can be done about a command that nobody reviewed. */
  unreviewed: ReactNode;
}

/** A step as a page of the document. */
export function StepDocument({ step, runbook, unreviewed }: Props) {
  const machine = step.action?.kind === 'shell' || step.action?.kind === 'structured';
  const { parts, rest } = laidOut(step);
  return (
    <article className={styles.step} aria-label={step.title}>
      <h3>{step.title}</h3>
      <p className={styles.facts}>
        <span>line {step.line}</span>
        {machine ? (
          <>
            <span className={styles[step.risk]}>{riskWords[step.risk].name}</span>
            <span>{timeoutWords(step)}</span>
            {step.undo !== null && <span>undo: {undoWords(step, runbook)}</span>}
          </>
        ) : (
          <span>{step.action?.kind === 'ask' ? 'a question' : 'by hand'}</span>
        )}
        {step.condition !== null && <span>only if {step.condition}</span>}
        {step.proves.length > 0 && <span>proves {step.proves.join(', ')}</span>}
      </p>
      {parts.map((part) => {
        // Counted from the step's own line: what is written above it leaves its parts as they are.
        const key = `${part.kind}${part.range.start - step.line}`;
        if (part.kind === 'prose') return <Markdown key={key} text={part.markdown} />;
        if (part.kind === 'action') {
          return <ActionDocument key={key} step={step} unreviewed={unreviewed} />;
        }
        return (
          <ul key={key} className={styles.tasks}>
            {step.tasks.slice(part.first, part.first + part.count).map((task) => (
              <li key={task.line}>
                <Markdown text={task.text} />
              </li>
            ))}
          </ul>
        );
      })}
      {rest !== '' && (
        <p className={styles.rest}>
          <LongText text={rest} />
        </p>
      )}
    </article>
  );
}
