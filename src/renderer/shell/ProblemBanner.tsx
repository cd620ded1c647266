import styles from './Frame.module.css';
import { ProblemNotice } from './ProblemNotice.tsx';
import { dismiss, useProblems } from './problems.ts';

/** The newest open problem, above everything but the ribbon. */
export function ProblemBanner() {
  const open = useProblems((problems) => problems.open);
  const newest = open.at(-1);
  if (newest === undefined) return null;
  return (
    <div className={styles.banner}>
      <ProblemNotice
        key={newest.id}
        problem={newest.problem}
        more={open.length - 1}
        onDismiss={() => dismiss(newest.id)}
      />
    </div>
  );
}
