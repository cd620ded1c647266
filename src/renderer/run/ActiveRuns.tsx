import type { RunSummary } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { go } from '../shell/navigation.ts';
import styles from './ActiveRuns.module.css';
import { resume } from './resume.ts';

const drivers: Record<RunSummary['driver'], string> = {
  here: 'under way in this window',
  elsewhere: 'under way in another window or on the command line',
  nobody: 'stopped: nothing drives it',
};

/** Several runs that have not ended: choose one. */
export function ActiveRuns({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <div className={styles.active}>
      <h1>Active runs</h1>
      <ul>
        {runs.map((run) => (
          <li key={run.id}>
            <div className={styles.words}>
              <h2>{run.title}</h2>
              <p>
                {run.mode}, since <When at={run.createdAt} date />, by {run.operator}.{' '}
                {run.stepsDone} of {run.stepsTotal} steps done; {drivers[run.driver]}.
              </p>
            </div>
            <Button aria-label={`Show ${run.title}`} onClick={() => go('run', run.id)}>
              Show
            </Button>
            {run.driver === 'nobody' && (
              <Button
                look="primary"
                aria-label={`Resume ${run.title}`}
                onClick={() => resume(run.id)}
              >
                Resume
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
