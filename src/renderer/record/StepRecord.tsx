import { useEffect, useRef, useState } from 'react';
import { outcomeWords } from '../../core/run/happenings.ts';
import { engineName } from '../../core/run/retry.ts';
import type { Attempt, StepState } from '../../core/run/state.ts';
import { When } from '../controls/When.tsx';
import { Code } from '../document/Code.tsx';
import { Markdown } from '../document/Markdown.tsx';
import { AttemptEvidence } from '../run/EvidenceList.tsx';
import { lookedWords, tellings } from '../run/looks.ts';
import { OutputPanel } from '../run/OutputPanel.tsx';
import { type LoadedRun, loadAttempts } from '../run/store.ts';
import styles from './StepRecords.module.css';

function nameOf(by: string): string {
  return by === engineName ? 'Muster' : by;
}

interface AttemptProps {
  run: string;
  step: string;
  attempt: Attempt;
}

function AttemptRecord({ run, step, attempt }: AttemptProps) {
  const { resolved } = attempt;
  const problem = attempt.problem ?? attempt.result?.problem ?? null;
  return (
    <div>
      <p className={styles.quiet}>
        Attempt {attempt.number}: begun by {nameOf(attempt.by)} at{' '}
        <When at={attempt.startedAt} date />
        {attempt.endedAt !== null && (
          <>
            , ended by {nameOf(attempt.endedBy ?? '')} at <When at={attempt.endedAt} />
            {attempt.outcome !== null && `: ${outcomeWords[attempt.outcome].toLowerCase()}`}
          </>
        )}
      </p>
      {problem !== null && (
        <p>
          {problem.what} {problem.safe}
        </p>
      )}
      {resolved !== null && (
        <p>
          Resolved as {resolved.as} by {resolved.by} at <When at={resolved.at} />: {resolved.reason}
        </p>
      )}
      <AttemptEvidence run={run} step={step} attempt={attempt} />
    </div>
  );
}

/** All that is known of one step. Drawn when it is opened, because it reads the output. */
export function StepRecord({ run, step }: { run: LoadedRun; step: StepState }) {
  const here = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const details = here.current?.closest('details');
    if (!(details instanceof HTMLDetailsElement)) return;
    const follow = () => {
      setOpen(details.open);
      if (details.open) loadAttempts(run, step);
    };
    details.addEventListener('toggle', follow);
    return () => details.removeEventListener('toggle', follow);
  }, [run, step]);

  const spec = run.steps.get(step.id);
  const notes = run.state.notes.filter((note) => note.step === step.id);
  const action = spec?.action;
  return (
    <div ref={here} className={styles.detail}>
      {open && (
        <>
          {step.skipped !== null && (
            <p>
              Skipped by {step.skipped.by} at <When at={step.skipped.at} />: {step.skipped.reason}
            </p>
          )}
          {step.undone !== null && (
            <p>
              Taken back by {nameOf(step.undone.by)} at <When at={step.undone.at} date />.
            </p>
          )}
          {tellings(step.attempts).map((told) =>
            told.kind === 'attempt' ? (
              <AttemptRecord
                key={told.attempt.number}
                run={run.id}
                step={step.id}
                attempt={told.attempt}
              />
            ) : (
              <p key={told.last.number} className={styles.quiet}>
                Attempts {told.first.number} to {told.last.number}: {lookedWords(told.count)}, from{' '}
                <When at={told.first.startedAt} date /> to{' '}
                <When at={told.last.endedAt ?? told.last.startedAt} />, and found nothing yet.
              </p>
            ),
          )}
          {step.answer !== null && <p>Answer: {String(step.answer)}</p>}
          {step.ticks.map((tick, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a task is its place in the step
            <div key={index}>
              <Markdown text={spec?.tasks[index]?.text ?? `Task ${index + 1}`} />
              <p className={styles.quiet}>
                {tick === null ? (
                  'not ticked'
                ) : (
                  <>
                    ticked by {tick.by} at <When at={tick.at} />
                  </>
                )}
              </p>
            </div>
          ))}
          {notes.map((note) => (
            <div key={note.at + note.text} className={styles.note}>
              {note.text}
              <p className={styles.quiet}>
                {note.by}, <When at={note.at} />
              </p>
            </div>
          ))}
          {(action?.kind === 'shell' || action?.kind === 'structured') && (
            <>
              <Code code={action.code} language={action.language} />
              {step.attempts.length > 0 && (
                <OutputPanel
                  run={run}
                  step={step}
                  interactive={action.kind === 'shell' && action.interactive}
                />
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}
