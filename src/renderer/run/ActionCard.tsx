import type { ShellAction, Step } from '../../core/runbook/model.ts';
import { formatDuration } from '../../core/units.ts';
import { Code } from '../document/Code.tsx';
import { Expected } from '../document/Expected.tsx';
import { riskWords, undoWords } from '../document/words.ts';
import styles from './ActionCard.module.css';
import type { LoadedRun } from './store.ts';
import { targetWords } from './words.ts';

interface Props {
  run: LoadedRun;
  step: Step;
  action: ShellAction;
}

/** What will run, on what, how much harm it can do, and what reverses it. */
export function ActionCard({ run, step, action }: Props) {
  const risk = riskWords[step.risk];
  return (
    <section className={styles.card} aria-label="What runs">
      <Code code={action.code} language={action.language}>
        {action.interactive && <span>in the terminal</span>}
        {!action.reviewed && <span className={styles.unreviewed}>unreviewed</span>}
      </Code>
      <Expected action={action} />
      <dl className={styles.facts}>
        <div>
          <dt>On</dt>
          <dd>{targetWords(run)}</dd>
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
        <div>
          <dt>Undo</dt>
          <dd>{undoWords(step, run.runbook)}</dd>
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
