import type { ReactNode } from 'react';
import type { StepStatus } from '../../core/run/state.ts';
import styles from './Mark.module.css';

/** `next` is a pending step that is its turn, `looking` one that waits until it looks again. */
export type MarkKind = StepStatus | 'next' | 'looking' | 'undone';

/** Each state has its own outline, so that nothing depends on hue. */
const shapes: Record<MarkKind, ReactNode> = {
  pending: <circle cx="8" cy="8" r="5.5" className={styles.hollow} />,
  next: (
    <>
      <circle cx="8" cy="8" r="6.5" className={styles.hollow} />
      <path d="M6.5 5.2 9.7 8l-3.2 2.8" className={styles.stroke} />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6.5" className={styles.hollow} />
      <path d="M8 3.5a4.5 4.5 0 0 1 0 9z" className={styles.solid} />
    </>
  ),
  looking: (
    <>
      <circle cx="8" cy="8" r="6.5" className={styles.hollow} />
      <path d="M8 4.4V8l2.4 1.6" className={styles.stroke} />
    </>
  ),
  undone: (
    <>
      <path d="M4.2 4.2a5.5 5.5 0 1 1-1.6 4.6" className={styles.stroke} />
      <path d="M4.4 1.2v3.4h3.4" className={styles.stroke} />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6.5" className={styles.hollow} />
      <path d="M6.3 5.5v5M9.7 5.5v5" className={styles.stroke} />
    </>
  ),
  succeeded: (
    <>
      <circle cx="8" cy="8" r="7" className={styles.solid} />
      <path d="m4.8 8.3 2.2 2.2 4.2-4.7" className={styles.cut} />
    </>
  ),
  failed: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" className={styles.solid} />
      <path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" className={styles.cut} />
    </>
  ),
  skipped: (
    <>
      <circle cx="8" cy="8" r="6" className={styles.dashed} />
      <path d="M5 8h6" className={styles.stroke} />
    </>
  ),
  cancelled: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2" className={styles.hollow} />
      <rect x="5.5" y="5.5" width="5" height="5" className={styles.solid} />
    </>
  ),
  unknown: (
    <>
      <path d="M8 .8 15.2 8 8 15.2.8 8z" className={styles.solid} />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2" className={styles.cut} />
      <path d="M8 11.3v.3" className={styles.cut} />
    </>
  ),
};

/** The state's mark. Decoration: its word stands beside it or in the name of what holds it. */
export function Mark({ kind }: { kind: MarkKind }) {
  return (
    <svg className={`${styles.mark} ${styles[kind]}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[kind]}
    </svg>
  );
}
