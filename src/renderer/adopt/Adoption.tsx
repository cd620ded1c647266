import { useEffect, useRef } from 'react';
import { fileName } from '../../core/library/title.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { usePageView } from '../library/page-view.ts';
import { ComparedText } from '../review/ComparedText.tsx';
import styles from '../review/Difference.module.css';
import { summaryOf } from '../review/summary.ts';
import { go } from '../shell/navigation.ts';
import { ProblemNotice } from '../shell/ProblemNotice.tsx';
import { loadAdoption, useAdopting, writeCopy } from './store.ts';

const guessed = (count: number) =>
  count === 1 ? '1 guess is for you to confirm' : `${count} guesses are for you to confirm`;

/** What an annotated copy of a plain guide would say otherwise, before it is written. */
export default function Adoption({ open }: { open: OpenRunbook }) {
  const { path, sha256 } = open;
  const adopting = useAdopting();
  const show = usePageView((view) => view.show);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => loadAdoption({ path, sha256 }), [path, sha256]);
  useEffect(() => heading.current?.focus(), []);
  const isLoaded = adopting.path === path && adopting.sha256 === sha256;
  const adoption = isLoaded ? adopting.adoption : null;
  const problem = isLoaded ? adopting.problem : null;
  const earlier = adoption?.earlier ?? null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls by keyboard
    <section className={styles.page} aria-label="Adopt this guide" tabIndex={0}>
      <div className={styles.sheet}>
        <header className={styles.head}>
          <div>
            <h2 ref={heading} tabIndex={-1}>
              Adopt this guide as a runbook
            </h2>
            {adoption !== null && (
              <p>
                A new file, <code>{fileName(adoption.file)}</code>, beside the guide; the guide
                stays as it is. {summaryOf(adoption.comparison.sections)}.
              </p>
            )}
          </div>
          <div className={styles.buttons}>
            <Button onClick={() => show('text')}>Back to the text</Button>
            {adoption !== null && (
              <Button busy={adopting.busy} onClick={() => writeCopy(open)}>
                Write the copy
              </Button>
            )}
          </div>
        </header>
        {problem !== null && <ProblemNotice problem={problem} />}
        {adoption === null && problem === null && <Skeleton label="Reading the guide" rows={6} />}
        {earlier !== null && (
          <p className={styles.earlier}>
            The guide was adopted before: <code>{fileName(earlier)}</code> stays as it is.{' '}
            <Button onClick={() => go('library', earlier)}>Open that copy</Button>
          </p>
        )}
        {adoption !== null && adoption.guesses > 0 && (
          <p>
            {guessed(adoption.guesses)}. Each stands behind <code>guess</code> in the copy, and a
            command with a guess never runs without a person’s click until it is marked reviewed.
          </p>
        )}
        {adoption !== null && <ComparedText comparison={adoption.comparison} />}
      </div>
    </section>
  );
}
