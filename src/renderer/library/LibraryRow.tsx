import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { EntryRow } from './EntryRow.tsx';
import { GroupRow } from './GroupRow.tsx';
import styles from './Hits.module.css';
import { PlaceRow } from './PlaceRow.tsx';
import type { Row } from './rows.ts';

interface Props {
  row: Row;
  /** Paths of the runbooks that are pinned. */
  pinned: ReadonlySet<string>;
  onFocus: () => void;
}

/** One line of the library, whatever it is. */
export function LibraryRow({ row, pinned, onFocus }: Props) {
  switch (row.kind) {
    case 'group':
      return <GroupRow group={row.group} shown={row.shown} />;
    case 'problem':
      return <ProblemNotice problem={row.problem} />;
    case 'entry':
      return (
        <EntryRow
          entry={row.entry}
          hit={row.hit}
          pinned={pinned.has(row.entry.path)}
          onFocus={onFocus}
        />
      );
    case 'place':
      return <PlaceRow hit={row.hit} place={row.place} onFocus={onFocus} />;
    case 'more':
      return <p className={styles.more}>{row.text}</p>;
  }
}
