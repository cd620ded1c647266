import styles from './Ribbon.module.css';
import type { Target } from './target.ts';

/** The target in its colour and in words, wide enough to be seen from across a desk. */
export function Ribbon({ target }: { target: Target }) {
  return (
    <section className={styles.ribbon} aria-label="Target">
      <strong className={styles.name}>{target.name}</strong>
      <span className={styles.what}>{target.what}</span>
      <span className={styles.care}>care: {target.care}</span>
    </section>
  );
}
