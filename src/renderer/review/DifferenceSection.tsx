import type { SectionChange } from '../../core/review/comparison.ts';
import styles from './Difference.module.css';
import { DiffLines } from './DiffLines.tsx';

const changeWords = {
  same: 'moved',
  changed: 'changed',
  added: 'added',
  removed: 'removed',
} as const;

function nameOf({ kind, title, phase }: SectionChange): string {
  if (kind === 'intro') return 'Front matter and introduction';
  if (title !== '') return kind === 'phase' ? `Phase: ${title}` : title;
  return phase === '' ? 'Text before the first step' : phase;
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
      <DiffLines lines={section.lines} label={`Lines of ${name}`} />
    </article>
  );
}
