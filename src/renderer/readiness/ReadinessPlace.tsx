import { Button } from '../controls/Button.tsx';
import { Empty } from '../controls/Empty.tsx';
import { useNow } from '../controls/now.ts';
import { Skeleton } from '../controls/Skeleton.tsx';
import { measuredWords, promisedWords, verdictWords } from '../record/words.ts';
import { useRuns } from '../run/store.ts';
import { go, visit } from '../shell/navigation.ts';
import { proofsOf } from './proofs.ts';
import styles from './Readiness.module.css';

const day = 24 * 60 * 60 * 1000;

function since(at: string | null, now: number): string {
  if (at === null) return 'never';
  const days = Math.floor((now - Date.parse(at)) / day);
  return days === 0 ? 'today' : days === 1 ? '1 day ago' : `${days} days ago`;
}

const provenWords = (ms: number | null) => (ms === null ? 'never' : measuredWords(ms));

/** Each component: what is promised, what was proven last, and how long ago. */
export default function ReadinessPlace() {
  const list = useRuns((runs) => runs.list);
  const now = useNow(60_000);
  if (list === null) return <Skeleton label="Loading readiness" />;
  const proofs = proofsOf(list);
  if (proofs.length === 0) {
    return (
      <Empty title="Nothing is proven yet">
        <p>
          Run a drill whose runbook promises a recovery time. Its measured times will stand here
          beside the promise.
        </p>
        <Button look="primary" onClick={() => visit('library')}>
          Open the Library
        </Button>
      </Empty>
    );
  }
  return (
    <div className={styles.readiness}>
      <h1>Readiness</h1>
      <p className={styles.about}>
        From the runs on this machine. A runbook that was never run does not appear.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">RTO promised</th>
            <th scope="col">RTO proven</th>
            <th scope="col">RPO promised</th>
            <th scope="col">RPO proven</th>
            <th scope="col">Verdict</th>
            <th scope="col">Last proof</th>
          </tr>
        </thead>
        <tbody>
          {proofs.map((proof) => (
            <tr key={`${proof.runbook} ${proof.component}`}>
              <th scope="row">
                {proof.component}
                <span className={styles.runbook}>{proof.runbook}</span>
              </th>
              <td>{promisedWords(proof.rtoPromisedMs)}</td>
              <td className={styles.proven}>{provenWords(proof.rtoMs)}</td>
              <td>{promisedWords(proof.rpoPromisedMs)}</td>
              <td className={styles.proven}>{provenWords(proof.rpoMs)}</td>
              <td className={styles[proof.verdict]}>{verdictWords[proof.verdict]}</td>
              <td>
                {proof.run === null ? (
                  'never'
                ) : (
                  <button
                    type="button"
                    aria-label={`Record of the last proof of ${proof.component}, ${since(proof.at, now)}`}
                    onClick={() => go('record', proof.run)}
                  >
                    {since(proof.at, now)}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
