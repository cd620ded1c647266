import { useEffect, useRef } from 'react';
import { isSame } from '../../core/review/comparison.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { When } from '../controls/When.tsx';
import { usePageView } from '../library/page-view.ts';
import { ComparedText } from './ComparedText.tsx';
import styles from './Difference.module.css';
import { loadDifference, useReviewing } from './store.ts';
import { summaryOf } from './summary.ts';

/** What changed between the text that was approved and the one of now, step by step. */
export default function Difference({ open }: { open: OpenRunbook }) {
  const { path, sha256 } = open;
  const reviewing = useReviewing();
  const { show, setApproves } = usePageView();
  const heading = useRef<HTMLHeadingElement>(null);
  const isLoaded = reviewing.path === path && reviewing.sha256 === sha256;
  // Another approval, as by the command line, makes it another difference.
  const since = reviewing.review?.review?.seq ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `since` says when to ask again
  useEffect(() => loadDifference({ path, sha256 }), [path, sha256, since]);
  useEffect(() => heading.current?.focus(), []);
  const isNew = isLoaded && reviewing.review?.state === 'never';
  const difference = isLoaded ? reviewing.difference : null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls by keyboard
    <section className={styles.page} aria-label="What changed since the review" tabIndex={0}>
      <div className={styles.sheet}>
        <header className={styles.head}>
          <div>
            <h2 ref={heading} tabIndex={-1}>
              What changed since the review
            </h2>
            {difference !== null && (
              <p>
                Approved by {difference.review.by}, <When at={difference.review.at} date />.{' '}
                {summaryOf(difference.comparison.sections)}.
              </p>
            )}
          </div>
          <div className={styles.buttons}>
            <Button onClick={() => show('text')}>Back to the text</Button>
            <Button onClick={() => setApproves(true)}>Approve this version…</Button>
          </div>
        </header>
        {isNew && <p>Nobody approved this runbook yet, so there is nothing to compare it with.</p>}
        {difference === null && !isNew && <Skeleton label="Comparing" rows={6} />}
        {difference !== null && isSame(difference.comparison) && (
          <p>Nothing: the text is exactly the one that was approved.</p>
        )}
        {difference !== null && <ComparedText comparison={difference.comparison} />}
      </div>
    </section>
  );
}
