import type { ReactNode } from 'react';
import styles from './Hidden.module.css';

/** Words for a screen reader where the eye has a shape. */
export function Hidden({ children }: { children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>;
}
