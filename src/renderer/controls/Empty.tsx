import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface Props {
  title: string;
  children: ReactNode;
  /** Set where the place has its own heading above. */
  below?: boolean;
}

/** A place with nothing in it yet: one sentence that teaches the next action, and its button. */
export function Empty({ title, children, below = false }: Props) {
  return (
    <div className={styles.empty}>
      {below ? <h2>{title}</h2> : <h1>{title}</h1>}
      {children}
    </div>
  );
}
