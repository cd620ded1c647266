import type { Comparison } from '../../core/review/comparison.ts';
import styles from './Difference.module.css';
import { DifferenceSection } from './DifferenceSection.tsx';

/** All that differs between two texts, part by part. */
export function ComparedText({ comparison }: { comparison: Comparison }) {
  return (
    <>
      {comparison.unseen.length > 0 && (
        <ul className={styles.unseen}>
          {comparison.unseen.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      {comparison.sections
        .filter(({ change, movedFrom }) => change !== 'same' || movedFrom !== null)
        .map((section) => (
          <DifferenceSection
            key={`${section.change} ${section.line}`}
            section={section}
            level={3}
          />
        ))}
    </>
  );
}
