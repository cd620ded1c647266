import styles from './Live.module.css';

/** Each has its own outline, so that nothing depends on hue. */
const shapes = {
  well: <circle cx="6" cy="6" r="4" />,
  ill: <path d="M6 1 11.5 10.5H.5z" />,
  old: <circle cx="6" cy="6" r="3.5" className={styles.hollow} />,
};

/** How something does. Decoration: its word stands beside it. */
export function Sign({ kind }: { kind: keyof typeof shapes }) {
  return (
    <svg className={styles.sign} data-kind={kind} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[kind]}
    </svg>
  );
}
