import type { Action } from '../../core/runbook/model.ts';
import { Code } from './Code.tsx';
import styles from './StepDocument.module.css';

/** The body of an action that is no shell command and no question. */
export function Query({ action }: { action: Action & { code: string } }) {
  return (
    <>
      <Code code={action.code} language={action.language} />
      {(action.kind === 'sql' || action.kind === 'prometheus') && (
        <p className={styles.quiet}>
          Muster shows this query; run it where you run queries, then mark it done.
        </p>
      )}
    </>
  );
}
