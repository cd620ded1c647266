import type { ReactNode } from 'react';
import type { ReviewStateName } from '../../core/review/state.ts';
import { reviewStateWords } from '../../core/review/words.ts';
import styles from './ReviewMark.module.css';

/** Each state has its own shape, so that nothing depends on hue. */
const shapes: Record<ReviewStateName, ReactNode> = {
  never: <circle cx="8" cy="8" r="6" strokeDasharray="2.4 2.4" />,
  reviewed: (
    <>
      <circle cx="8" cy="8" r="6.5" />
      <path d="m5 8.3 2.1 2.1 3.9-4.6" />
    </>
  ),
  changed: (
    <>
      <path d="M8 1.2 14.8 8 8 14.8 1.2 8z" />
      <path d="M8 5v3.4M8 10.7v.3" />
    </>
  ),
  overdue: (
    <>
      <circle cx="8" cy="8" r="6.5" />
      <path d="M8 4.4v4l2.6 1.6" />
    </>
  ),
};

interface Props {
  state: ReviewStateName;
  /** Nothing where nobody reviewed yet, and no word where all is well. */
  quiet?: boolean;
  /** Its word stands beside it already. */
  bare?: boolean;
}

/** The state of a review: its mark, and its word where the word says that something is to be done. */
export function ReviewMark({ state, quiet = false, bare = false }: Props) {
  if (quiet && state === 'never') return null;
  const word = reviewStateWords[state];
  return (
    <span className={`${styles.mark} ${styles[state]}`} title={word}>
      <svg viewBox="0 0 16 16" role="img" aria-label={word} aria-hidden={bare || undefined}>
        {shapes[state]}
      </svg>
      {!bare && !(quiet && state === 'reviewed') && <span aria-hidden="true">{word}</span>}
    </span>
  );
}
