import { partName } from '../../core/targets/identity.ts';
import { Button } from '../controls/Button.tsx';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { type Checked, checkTarget, checkWords } from './store.ts';
import styles from './Targets.module.css';

const marks = { match: '✓', 'first-use': '+', mismatch: '✕' } as const;
const verdicts = {
  match: 'the one that is pinned',
  'first-use': 'pinned now',
  mismatch: 'another one',
} as const;

/** What the parts of a target answered just now. */
export function CheckResult({ name, checked }: { name: string; checked: Checked }) {
  if (checked.state === 'asking') return <p className={styles.asking}>Asking {name} who it is.</p>;
  if (checked.state === 'failed') return <p className={styles.broken}>{checked.why}</p>;
  const { check } = checked;
  return (
    <div className={styles.check}>
      <p className={styles.verdict}>{checkWords(check)}</p>
      <ul className={styles.places}>
        {check.parts.map(({ key, verdict, seen, pinned, pinnedNow }) => (
          <li key={key} data-verdict={verdict}>
            <span aria-hidden="true">{marks[verdict]} </span>
            {partName(key)}: {seen ?? 'nothing answered'},{' '}
            {pinnedNow && verdict === 'mismatch'
              ? `accepted in place of ${pinned}`
              : verdicts[verdict]}
          </li>
        ))}
        {check.failed.map(({ key, problem }) => (
          <li key={key} data-verdict="failed">
            <span aria-hidden="true">? </span>
            {partName(key)}: no answer. {problem.what}
          </li>
        ))}
      </ul>
      {check.problem !== null && (
        <>
          <ProblemNotice problem={check.problem} />
          <Button look="danger" onClick={() => checkTarget(name, true)}>
            It is the right one: pin what answers now
          </Button>
        </>
      )}
    </div>
  );
}
