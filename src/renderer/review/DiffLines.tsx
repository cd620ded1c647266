import { readable } from '../../core/ledger/readable.ts';
import type { DiffLine } from '../../core/review/comparison.ts';
import styles from './Difference.module.css';
import { type Piece, piecesOf } from './fold-lines.ts';

const signs = { same: ' ', removed: '−', added: '+' } as const;

function Line({ line }: { line: DiffLine }) {
  return (
    <div className={`${styles.line} ${styles[line.kind]}`}>
      <span className={styles.number} aria-hidden="true">
        {line.before ?? ''}
      </span>
      <span className={styles.number} aria-hidden="true">
        {line.after ?? ''}
      </span>
      <span className={styles.sign} aria-hidden="true">
        {signs[line.kind]}
      </span>
      {line.kind !== 'same' && <span className={styles.spoken}>{line.kind}: </span>}
      <code>
        {line.words === null
          ? readable(line.text)
          : line.words.map((word, index) =>
              word.changed ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one line never move
                <mark key={index}>{readable(word.text)}</mark>
              ) : (
                readable(word.text)
              ),
            )}
      </code>
    </div>
  );
}

function Lines({ piece }: { piece: Piece }) {
  const lines = piece.lines.map((line) => (
    <Line key={`${line.before} ${line.after}`} line={line} />
  ));
  if (!piece.folded) return lines;
  return (
    <details className={styles.folded}>
      <summary>{piece.lines.length} lines as they were</summary>
      {lines}
    </details>
  );
}

/** What became of the lines of a text; those that stayed fold where there are many. */
export function DiffLines({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll by keyboard
    <section className={styles.lines} aria-label={label} tabIndex={0}>
      {piecesOf(lines).map((piece) => (
        <Lines key={`${piece.lines[0]?.before} ${piece.lines[0]?.after}`} piece={piece} />
      ))}
    </section>
  );
}
