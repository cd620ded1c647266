import type { QueryAction } from '../../core/runbook/model.ts';
import { Code } from './Code.tsx';
import styles from './StepDocument.module.css';

/** A query that a person runs elsewhere. */
export function Query({ action }: { action: QueryAction }) {
  return (
    <>
      <Code code={action.code} language={action.language} />
      <p className={styles.quiet}>
        Muster shows this query; run it where you run queries, then mark it done.
      </p>
    </>
  );
}
