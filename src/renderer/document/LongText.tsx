import { useMemo } from 'react';
import styles from './LongText.module.css';
import { piecesOf } from './pieces.ts';

/** A text of any length as it is written. What is far from the window costs no layout. */
export function LongText({ text }: { text: string }) {
  const pieces = useMemo(() => {
    let at = 0;
    return piecesOf(text).map((piece) => {
      at += piece.length;
      return { at, piece };
    });
  }, [text]);
  if (pieces.length < 2) return text;
  return pieces.map(({ at, piece }) => (
    <span key={at} className={styles.piece}>
      {piece}
    </span>
  ));
}
