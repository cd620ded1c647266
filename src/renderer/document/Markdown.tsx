import { type ComponentType, memo, useSyncExternalStore } from 'react';
import { isHeavy } from './heavy.ts';
import { LongText } from './LongText.tsx';
import styles from './Markdown.module.css';

let Body: ComponentType<{ text: string }> | null = null;
const waiting = new Set<() => void>();

// Asked for as soon as a place that shows prose is loaded, and put in place without the pause that
// a suspended part of the page has.
void import('./MarkdownBody.tsx').then((loaded) => {
  Body = loaded.MarkdownBody;
  for (const listener of waiting) listener();
});

function follow(listener: () => void): () => void {
  waiting.add(listener);
  return () => waiting.delete(listener);
}

/** Prose of a runbook. Until its renderer is here, and where it would take too long, as it is written. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const Loaded = useSyncExternalStore(follow, () => Body);
  if (text.trim() === '') return null;
  const written = Loaded === null || isHeavy(text);
  return (
    <div className={styles.markdown}>
      {written ? (
        <p className={styles.raw}>
          <LongText text={text} />
        </p>
      ) : (
        <Loaded text={text} />
      )}
    </div>
  );
});
