import { When } from '../controls/When.tsx';
import styles from './Live.module.css';

/** Stands over what is not fresh: of what time it is, and why. */
export function AsOf({ at, problem }: { at: number | null; problem: string | null }) {
  if (problem === null) return null;
  return (
    <p className={styles.trouble}>
      {at !== null && (
        <strong>
          As of <When at={new Date(at).toISOString()} />.{' '}
        </strong>
      )}
      {problem}
    </p>
  );
}
