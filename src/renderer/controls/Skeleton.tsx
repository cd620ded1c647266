import styles from './Skeleton.module.css';

/** The shape of what is being loaded. Nothing shows for the first 150 ms. */
export function Skeleton({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div className={styles.skeleton} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity but their place
        <span key={row} />
      ))}
    </div>
  );
}
