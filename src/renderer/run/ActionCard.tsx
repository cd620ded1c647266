import { targetOf } from '../../core/run/care.ts';
import type { ShellAction, Step, StructuredAction } from '../../core/runbook/model.ts';
import { formatDuration } from '../../core/units.ts';
import { Code } from '../document/Code.tsx';
import { Expected } from '../document/Expected.tsx';
import { riskWords, undoWords } from '../document/words.ts';
import styles from './ActionCard.module.css';
import type { LoadedRun } from './store.ts';
import { actionWords, targetWords } from './words.ts';

interface Props {
  run: LoadedRun;
  /** The step's id in the run. */
  id: string;
  step: Step;
  action: ShellAction | StructuredAction;
}

/** What will run, on what, how much harm it can do, and what reverses it. */
export function ActionCard({ run, id, step, action }: Props) {
  const risk = riskWords[step.risk];
  const target = targetOf(run.state, step);
  return (
    <section className={styles.card} aria-label="What runs">
      {action.kind === 'structured' && (
        <p className={styles.sentence}>{actionWords(run, id, action)}</p>
      )}
      <Code code={action.code} language={action.language}>
        {action.kind === 'shell' && action.interactive && <span>in the terminal</span>}
        {!action.reviewed && <span className={styles.unreviewed}>unreviewed</span>}
      </Code>
      {action.kind === 'shell' && <Expected action={action} />}
      <dl className={styles.facts}>
        <div>
          <dt>On</dt>
          <dd data-colour={target?.colour}>
            {target !== null && <span className={styles.hue} aria-hidden="true" />}
            {targetWords(run, step)}
            {target?.care === 'critical' && <strong className={styles.critical}> critical</strong>}
          </dd>
        </div>
        <div>
          <dt>Risk</dt>
          <dd>
            <strong className={styles[step.risk]}>{risk.name}</strong>: {risk.meaning}
          </dd>
        </div>
        <div>
          <dt>Limit</dt>
          <dd>
            {step.timeoutMs === null ? 'none' : formatDuration(step.timeoutMs)}
            {step.retries > 0 &&
              `, then ${step.retries === 1 ? '1 retry' : `${step.retries} retries`}`}
          </dd>
        </div>
        {step.until !== null && (
          <div>
            <dt>Until</dt>
            <dd>
              {step.until.condition ?? 'it succeeds'}, every {formatDuration(step.until.intervalMs)}
              , for {formatDuration(step.until.deadlineMs)}
            </dd>
          </div>
        )}
        <div>
          <dt>Undo</dt>
          <dd className={step.undo?.how === 'commands' ? styles.names : undefined}>
            {undoWords(step, run.runbook)}
          </dd>
        </div>
        {action.captures.length > 0 && (
          <div>
            <dt>Keeps</dt>
            <dd className={styles.names}>{action.captures.map(({ name }) => name).join(', ')}</dd>
          </div>
        )}
        {step.proves.length > 0 && (
          <div>
            <dt>Proves</dt>
            <dd>{step.proves.join(', ')}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
