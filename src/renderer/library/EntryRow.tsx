import type { LibraryEntry } from '../../core/library/entry.ts';
import type { LibraryHit } from '../../core/library/hit.ts';
import { titleOf } from '../../core/library/title.ts';
import { ReviewMark } from '../review/ReviewMark.tsx';
import { go } from '../shell/navigation.ts';
import { Highlighted } from './Highlighted.tsx';
import styles from './Library.module.css';
import { PinButton } from './PinButton.tsx';

const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${count} ${many}`;

interface Props {
  entry: LibraryEntry;
  /** Its folder and file are named. */
  located: boolean;
  /** What search says of it; null in a list of all. */
  hit: LibraryHit | null;
  pinned: boolean;
  onFocus: () => void;
}

/** The page of a runbook is on its way before it is opened, but never before the row shows its focus. */
const prepare = () => requestIdleCallback(() => void import('./RunbookPage.tsx'));

export function EntryRow({ entry, located, hit, pinned, onFocus }: Props) {
  const title = titleOf(entry);
  const marks = title === entry.title ? (hit?.title.marks ?? []) : [];
  const about = [
    entry.kind ?? (entry.format === 'guide' ? 'guide' : null),
    entry.system,
    entry.owner,
    // Titles may be the same.
    located ? entry.path.split(/[/\\]/).slice(-2).join('/') : null,
  ];
  return (
    <div className={styles.row}>
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
          <Highlighted text={title} marks={marks} />
        </span>
        <span className={styles.about}>{about.filter((word) => word !== null).join(' · ')}</span>
        <span className={styles.facts}>
          {entry.errors > 0 && (
            <span className={styles.errors}>{counted(entry.errors, 'error', 'errors')}</span>
          )}
          {entry.unreviewed > 0 && (
            <span className={styles.unreviewed}>{entry.unreviewed} unreviewed</span>
          )}
          <ReviewMark state={entry.review} quiet />
          {entry.range !== null && <span className={styles.practice}>practice</span>}
          <span className={styles.steps}>{counted(entry.steps, 'step', 'steps')}</span>
        </span>
      </button>
      <PinButton path={entry.path} title={title} pinned={pinned} />
    </div>
  );
}
