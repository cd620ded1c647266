import type { Marked } from '../../core/library/snippet.ts';
import styles from './Hits.module.css';

/** A text with what was searched for in it. */
export function Highlighted({ text, marks }: Marked) {
  const pieces = marks.map(({ start, end }, index) => (
    <span key={start}>
      {text.slice(marks[index - 1]?.end ?? 0, start)}
      <mark className={styles.mark}>{text.slice(start, end)}</mark>
    </span>
  ));
  return (
    <>
      {pieces}
      {text.slice(marks.at(-1)?.end ?? 0)}
    </>
  );
}
