import type { HitPlace, LibraryHit } from '../../core/library/hit.ts';
import { openAt } from './aim.ts';
import { Highlighted } from './Highlighted.tsx';
import styles from './Hits.module.css';

/** One step in which the words stand, below its runbook. */
export function PlaceRow({
  hit,
  place,
  onFocus,
}: {
  hit: LibraryHit;
  place: HitPlace;
  onFocus: () => void;
}) {
  const { snippet, title } = place;
  return (
    <button
      type="button"
      className={styles.place}
      onFocus={onFocus}
      onClick={() => openAt(hit.entry.path, place.line)}
    >
      <span className={styles.step}>
        {title.text === '' ? 'Introduction' : <Highlighted {...title} />}
      </span>
      {snippet !== null && (
        <span className={snippet.code ? styles.code : styles.prose}>
          <Highlighted {...snippet} />
        </span>
      )}
    </button>
  );
}
