import { measure, overallVerdict } from '../../core/run/objectives.ts';
import { countSteps } from '../../core/run/summary.ts';
import { Button } from '../controls/Button.tsx';
import { useEstimates } from '../record/estimates.ts';
import { FlowFacts } from '../record/FlowFacts.tsx';
import { Measures } from '../record/Measures.tsx';
import { OutcomeHead } from '../record/OutcomeHead.tsx';
import { SaveReport } from '../record/SaveReport.tsx';
import { useKeys } from '../shell/keys.ts';
import { go } from '../shell/navigation.ts';
import styles from './Outcome.module.css';
import type { LoadedRun } from './store.ts';

/** The end of a run: what came of it, and what was measured against what was promised. */
export function Outcome({ run }: { run: LoadedRun }) {
  const measures = measure(run.state);
  const failed = run.state.steps.filter(
    ({ status, does }) => status === 'failed' && does !== 'call' && does !== 'loop',
  );
  const skipped = run.state.steps.filter(({ status }) => status === 'skipped');
  const { total } = countSteps(run.state.steps);
  const estimates = useEstimates(run.id, run.state.mode === 'rehearsal');
  const record = () => go('record', run.id);
  useKeys('place', 'Outcome', [{ keys: 'Enter', name: 'Open the record', run: record }]);
  return (
    <div className={styles.outcome}>
      <OutcomeHead state={run.state} verdict={overallVerdict(measures)} />
      <Measures measures={measures} declared={run.state.declaredAt !== null} />
      <FlowFacts run={run} estimates={estimates} />
      {(failed.length > 0 || skipped.length > 0) && (
        <p className={styles.rest}>
          {[
            failed.length > 0 ? `${failed.length} failed` : null,
            skipped.length > 0 ? `${skipped.length} skipped` : null,
          ]
            .filter((part) => part !== null)
            .join(', ')}{' '}
          of {total} steps. The record says who decided it and why.
        </p>
      )}
      <div className={styles.buttons}>
        <Button look="primary" keys="Enter" onClick={record}>
          Open the record
        </Button>
        <SaveReport run={run.id} />
      </div>
    </div>
  );
}
