import { useFolderInGit } from './git.ts';
import styles from './Library.module.css';

/** The branch of a folder, and whether something in it is not committed. */
export function FolderGit({ path }: { path: string }) {
  const found = useFolderInGit(path);
  if (found === null) return null;
  return (
    <span className={styles.git}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="4.5" cy="3.5" r="1.8" />
        <circle cx="4.5" cy="12.5" r="1.8" />
        <circle cx="11.5" cy="5.5" r="1.8" />
        <path d="M4.5 5.3v5.4M11.5 7.3c0 2.2-7 1.4-7 3.4" />
      </svg>
      <span className={styles.branch} title={found.branch ?? undefined}>
        {found.branch ?? 'no branch'}
      </span>
      {found.dirty === true && <span className={styles.dirty}>uncommitted changes</span>}
    </span>
  );
}
