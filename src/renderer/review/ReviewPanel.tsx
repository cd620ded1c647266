import { useEffect } from 'react';
import { reviewSentence } from '../../core/review/words.ts';
import type { OpenRunbook } from '../../shared/ipc.ts';
import { Button } from '../controls/Button.tsx';
import { When } from '../controls/When.tsx';
import { usePageView } from '../library/page-view.ts';
import { useApp } from '../shell/app.ts';
import { ReviewMark } from './ReviewMark.tsx';
import styles from './ReviewPanel.module.css';
import { followReviews, loadReview, useReviewing } from './store.ts';

/** How many approvals the panel lists. */
const SHOWN = 5;

/** How the review of this text stands, what can be done about it, and the approvals before. */
export function ReviewPanel({ open }: { open: OpenRunbook }) {
  const { path, sha256 } = open;
  const reviewing = useReviewing();
  const { shows, show, setApproves } = usePageView();
  const zone = useApp((app) => app.info?.timeZone ?? 'UTC');
  useEffect(() => {
    loadReview({ path, sha256 });
    return followReviews({ path, sha256 });
  }, [path, sha256]);
  const review = reviewing.path === path ? reviewing.review : null;
  if (review === null) return <section className={styles.panel} aria-label="Review" />;
  const { state, history } = review;
  const comment = review.review?.comment ?? '';
  const isApproved = state === 'reviewed';
  return (
    <section className={styles.panel} aria-label="Review">
      <h2>Review</h2>
      <p className={styles.state}>
        <ReviewMark state={state} bare />
        {reviewSentence(review, zone)}
      </p>
      {comment !== '' && <blockquote className={styles.comment}>{comment}</blockquote>}
      {shows !== 'difference' && (
        <div className={styles.buttons}>
          {state === 'changed' && <Button onClick={() => show('difference')}>What changed</Button>}
          <Button look={isApproved ? 'quiet' : 'plain'} onClick={() => setApproves(true)}>
            {isApproved ? 'Approve again…' : 'Approve this version…'}
          </Button>
        </div>
      )}
      {history.length > 1 && (
        <details className={styles.history}>
          <summary>{history.length} approvals</summary>
          <ol>
            {history.slice(0, SHOWN).map((one) => (
              <li key={one.seq}>
                <span>
                  {one.by} · <code>{one.sha256.slice(0, 12)}</code>
                </span>
                <When at={one.at} date />
                {one.path !== path && <span title={one.path}>as another file</span>}
                {one.comment !== '' && <span>{one.comment}</span>}
              </li>
            ))}
          </ol>
          {history.length > SHOWN && <p>and {history.length - SHOWN} before them</p>}
        </details>
      )}
    </section>
  );
}
