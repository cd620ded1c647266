import { When } from '../controls/When.tsx';
import styles from './Live.module.css';

interface Props {
  name: string;
  /** The time that it is of where it is not fresh, else null. */
  asOf: number | null;
  note: string;
}

/** A section's name and a line about it, which take the same room whether it is fresh or not. */
export function SectionHead({ name, asOf, note }: Props) {
  return (
    <>
      <div className={styles.head}>
        <h2>{name}</h2>
        {asOf !== null && (
          <span className={styles.asOf}>
            as of <When at={new Date(asOf).toISOString()} />
          </span>
        )}
      </div>
      <p className={styles.note} title={note}>
        {note}
      </p>
    </>
  );
}
