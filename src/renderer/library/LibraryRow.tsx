import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { EntryRow } from './EntryRow.tsx';
import { GroupRow } from './GroupRow.tsx';
import styles from './Hits.module.css';
import library from './Library.module.css';
import { NoteRow } from './NoteRow.tsx';
import { PlaceRow } from './PlaceRow.tsx';
import type { Row } from './rows.ts';

interface Props {
  row: Row;
  /** Paths of the runbooks that are pinned. */
  pinned: ReadonlySet<string>;
  onFocus: () => void;
  /** Goes down to the notes. */
  onNotes: () => void;
}

/** One line of the library, whatever it is. */
export function LibraryRow({ row, pinned, onFocus, onNotes }: Props) {
  switch (row.kind) {
    case 'group':
      return <GroupRow group={row.group} shown={row.shown} />;
    case 'problem':
      return <ProblemNotice problem={row.problem} />;
    case 'entry':
      return (
        <EntryRow
          entry={row.entry}
          located={row.located}
          hit={row.hit}
          pinned={pinned.has(row.entry.path)}
          onFocus={onFocus}
        />
      );
    case 'place':
      return <PlaceRow hit={row.hit} place={row.place} onFocus={onFocus} />;
    case 'note':
      return <NoteRow note={row.note} onFocus={onFocus} />;
    case 'heading':
      return (
        <div className={library.group}>
          <h2>{row.text}</h2>
          <span className={library.count}>{row.about}</span>
        </div>
      );
    case 'notes':
      return (
        <p className={styles.more}>
          <button type="button" className={styles.down} onClick={onNotes}>
            {row.text}
          </button>
        </p>
      );
    case 'more':
      return <p className={styles.more}>{row.text}</p>;
  }
}
