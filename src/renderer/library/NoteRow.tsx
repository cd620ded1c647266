import type { NoteHit } from '../../core/library/note-hit.ts';
import { When } from '../controls/When.tsx';
import { openEvent } from '../record/aim.ts';
import { Highlighted } from './Highlighted.tsx';
import styles from './Hits.module.css';

/** A note of a run that was found. It opens the run's record where the note stands. */
export function NoteRow({ note, onFocus }: { note: NoteHit; onFocus: () => void }) {
  const { text, title, step } = note;
  return (
    <button
      type="button"
      className={styles.note}
      onFocus={onFocus}
      onClick={() => openEvent(note.run, note.seq)}
    >
      <span className={styles.step}>
        <Highlighted {...text} />
      </span>
      <span className={styles.about}>
        <span className={styles.prose}>
          {title}
          {step !== null && ` › ${step}`}
        </span>
        <span className={styles.written}>
          {note.by} · <When at={note.at} date />
        </span>
      </span>
    </button>
  );
}
