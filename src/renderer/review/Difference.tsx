import { useEffect, useRef } from 'react';
import { isSame, type SectionChange } from '../../core/review/comparison.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { Skeleton } from '../controls/Skeleton.tsx';
import { When } from '../controls/When.tsx';
import styles from './Difference.module.css';
import { DifferenceSection } from './DifferenceSection.tsx';
import { loadDifference, useReviewing } from './store.ts';
import { useReviewView } from './view.ts';

const counted = (count: number, one: string, many: string) =>
  count === 0 ? null : `${count} ${count === 1 ? one : many}`;

function summaryOf(sections: readonly SectionChange[]): string {
  const count = (change: SectionChange['change']) =>
    sections.filter((section) => section.change === change).length;
  const moved = sections.filter(({ movedFrom }) => movedFrom !== null).length;
  const parts = [
    counted(count('changed'), 'part changed', 'parts changed'),
    counted(count('added'), 'added', 'added'),
    counted(count('removed'), 'removed', 'removed'),
    counted(moved, 'moved', 'moved'),
    counted(count('same') - moved, 'as it was', 'as they were'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** What changed between the text that was approved and the one of now, step by step. */
export default function Difference({ open }: { open: OpenRunbook }) {
  const { path, sha256 } = open;
  const reviewing = useReviewing();
  const { setCompares, setApproves } = useReviewView();
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
            <Button onClick={() => setCompares(false)}>Back to the text</Button>
            <Button onClick={() => setApproves(true)}>Approve this version…</Button>
          </div>
        </header>
        {isNew && <p>Nobody approved this runbook yet, so there is nothing to compare it with.</p>}
        {difference === null && !isNew && <Skeleton label="Comparing" rows={6} />}
        {difference !== null && isSame(difference.comparison) && (
          <p>Nothing: the text is exactly the one that was approved.</p>
        )}
        {difference !== null && difference.comparison.unseen.length > 0 && (
          <ul className={styles.unseen}>
            {difference.comparison.unseen.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
        {difference?.comparison.sections
          .filter(({ change, movedFrom }) => change !== 'same' || movedFrom !== null)
          .map((section) => (
            <DifferenceSection
              key={`${section.change} ${section.line}`}
              section={section}
              level={3}
            />
          ))}
      </div>
    </section>
  );
}
