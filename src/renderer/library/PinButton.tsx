import styles from './Library.module.css';
import { pin } from './store.ts';

/** Keeps a runbook at the top of the library. Filled when it is kept there. */
export function PinButton({
  path,
  title,
  pinned,
}: {
  path: string;
  title: string;
  pinned: boolean;
}) {
  return (
    <button
      type="button"
      className={styles.pin}
      aria-pressed={pinned}
      aria-label={`Pin ${title}`}
      title={pinned ? 'Unpin (P)' : 'Pin (P)'}
      onClick={() => pin(path, !pinned)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M5.5 1.5h5l-.6 4.6 2.6 2.4v1.5h-9V8.5l2.6-2.4z" />
        <path d="M8 10v5" />
      </svg>
    </button>
  );
}
