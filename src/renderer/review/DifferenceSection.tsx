import { readable } from '../../core/ledger/readable.ts';
import type { DiffLine, SectionChange } from '../../core/review/comparison.ts';
import styles from './Difference.module.css';
import { type Piece, piecesOf } from './fold-lines.ts';

const changeWords = {
  same: 'moved',
  changed: 'changed',
  added: 'added',
  removed: 'removed',
} as const;

const signs = { same: ' ', removed: '−', added: '+' } as const;

function nameOf({ kind, title, phase }: SectionChange): string {
  if (kind === 'intro') return 'Front matter and introduction';
  if (title !== '') return kind === 'phase' ? `Phase: ${title}` : title;
  return phase === '' ? 'Text before the first step' : phase;
}

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

/** One part of the text: what became of it, and its lines. */
export function DifferenceSection({ section, level }: { section: SectionChange; level: 3 }) {
  const { change, movedFrom, titleBefore, line } = section;
  const Heading = `h${level}` as const;
  const name = nameOf(section);
  return (
    <article className={styles.section} aria-label={`${name}: ${changeWords[change]}`}>
      <header>
        <span className={`${styles.badge} ${styles[`is-${change}`]}`}>{changeWords[change]}</span>
        <Heading>{name}</Heading>
        <span className={styles.where}>
          {change === 'removed' ? `was line ${line}` : `line ${line}`}
        </span>
      </header>
      {(titleBefore !== null || movedFrom !== null) && (
        <p className={styles.about}>
          {titleBefore !== null && `It was called “${titleBefore}”. `}
          {movedFrom !== null && `It stood at ${movedFrom}.`}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll by keyboard */}
      <section className={styles.lines} aria-label={`Lines of ${name}`} tabIndex={0}>
        {piecesOf(section.lines).map((piece) => (
          <Lines key={`${piece.lines[0]?.before} ${piece.lines[0]?.after}`} piece={piece} />
        ))}
      </section>
    </article>
  );
}
