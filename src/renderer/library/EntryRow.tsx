import type { LibraryEntry } from '../../shared/ipc.ts';
import { go } from '../shell/navigation.ts';
import styles from './Library.module.css';
import { titleOf } from './store.ts';

const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${count} ${many}`;

interface Props {
  entry: LibraryEntry;
  onFocus: () => void;
}

/** The page of a runbook is on its way before it is opened. */
const prepare = () => void import('./RunbookPage.tsx');

export function EntryRow({ entry, onFocus }: Props) {
  const title = titleOf(entry);
  const about = [
    entry.kind ?? (entry.format === 'guide' ? 'guide' : null),
    entry.system,
    entry.owner,
  ];
  return (
    <button
      type="button"
      className={styles.entry}
      onFocus={() => {
        prepare();
        onFocus();
      }}
      onPointerEnter={prepare}
      onClick={() => go('library', entry.path)}
    >
      <span className={styles.title} title={title}>
        {title}
      </span>
      <span className={styles.about}>{about.filter((word) => word !== null).join(' · ')}</span>
      <span className={styles.facts}>
        {entry.errors > 0 && (
          <span className={styles.errors}>{counted(entry.errors, 'error', 'errors')}</span>
        )}
        {entry.unreviewed > 0 && (
          <span className={styles.unreviewed}>{entry.unreviewed} unreviewed</span>
        )}
        {entry.range !== null && <span className={styles.practice}>practice</span>}
        <span className={styles.steps}>{counted(entry.steps, 'step', 'steps')}</span>
      </span>
    </button>
  );
}
