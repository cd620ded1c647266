import type { ReactNode } from 'react';
import { CopyButton } from '../controls/CopyButton.tsx';
import styles from './Code.module.css';
import { LongText } from './LongText.tsx';

interface Props {
  code: string;
  language: string | null;
  /** Stands in the head, before the copy button. */
  children?: ReactNode;
}

/** Code as it is written, to read and to copy. */
export function Code({ code, language, children }: Props) {
  return (
    <figure className={styles.code}>
      <figcaption>
        <span className={styles.language}>{language ?? 'text'}</span>
        {children}
        <CopyButton className={styles.tool} text={() => code} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long code scrolls by keyboard too */}
      <pre tabIndex={0}>
        <code>
          <LongText text={code} />
        </code>
      </pre>
    </figure>
  );
}
