import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { ChainCheck } from '../core/ledger/chain.ts';
import { MusterError, type Problem } from '../core/problem.ts';
import { linkReview, verifyReviewChain } from '../core/review/chain.ts';
import type { Comparison } from '../core/review/comparison.ts';
import {
  foldReviews,
  historyOf,
  noReviews,
  type Review,
  type ReviewState,
  type Reviews,
  reviewStateOf,
} from '../core/review/state.ts';
import type { Store } from '../store/open.ts';
import type { OpenedRunbook } from './library/open-runbook.ts';
import { parseApart } from './library/parse-apart.ts';

const known = new WeakMap<Store, Reviews>();

/** All approvals on record. Only those that are new since the last call are read. */
export function readReviews(store: Store): Reviews {
  const before = known.get(store) ?? noReviews;
  const last = store.reviews.head()?.seq ?? 0;
  if (last === before.lastSeq) return before;
  const reviews = foldReviews(store.reviews.iterate(before.lastSeq), before);
  known.set(store, reviews);
  return reviews;
}

/** The review state of a text at a path, and the approvals that led to it, newest first. */
export function reviewOf(
  store: Store,
  file: { path: string; sha256: string },
): ReviewState & { history: Review[] } {
  const reviews = readReviews(store);
  return { ...reviewStateOf(reviews, file, Date.now()), history: historyOf(reviews, file) };
}

/** Records that a person stands for exactly this text, and keeps it. Throws MusterError. */
export function approve(
  store: Store,
  opened: OpenedRunbook,
  given: { by: string; comment: string; version: string },
): void {
  const { path, text, sha256, runbook } = opened;
  // Kept is what is shown; of a file in another encoding that would not have the file's hash.
  if (sha256Of(text) !== sha256) throw new MusterError(notUtf8(path));
  store.transaction(() => {
    store.texts.keep(sha256, text);
    const body = {
      kind: 'review.approved',
      path,
      sha256,
      title: runbook.title,
      by: given.by,
      comment: given.comment,
      reviewDays: runbook.reviewDays,
      host: hostname(),
      version: given.version,
    } as const;
    const time = new Date().toISOString();
    store.reviews.append(linkReview(store.reviews.head(), time, body, sha256Of));
  });
}

/** What changed since the approval that counts; null when there is none. Throws MusterError. */
export async function changedSinceReview(
  store: Store,
  opened: OpenedRunbook,
): Promise<{ review: Review; comparison: Comparison } | null> {
  const { review } = reviewStateOf(readReviews(store), opened, Date.now());
  if (review === null) return null;
  const text = store.texts.read(review.sha256);
  if (text === null) throw new MusterError(textMissing(review));
  const before = { text, runbook: await parseApart(text) };
  const { compare } = await import('../core/review/compare.ts');
  return { review, comparison: compare(before, opened) };
}

/** Recomputes the ledger of reviews, and the texts that it vouches for. */
export function verifyReviews(store: Store): ChainCheck {
  const check = verifyReviewChain(store.reviews.iterate(), sha256Of);
  if (check.bad) return check;
  for (const { seq, body } of store.reviews.iterate()) {
    const text = store.texts.read(body.sha256);
    if (text === null) return { ...check, bad: { seq, why: 'The reviewed text is missing.' } };
    if (sha256Of(text) !== body.sha256) {
      return { ...check, bad: { seq, why: 'The kept text is not the one that was reviewed.' } };
    }
  }
  return check;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function notUtf8(path: string): Problem {
  return {
    code: 'review-not-utf8',
    what: `${path} is not UTF-8, so what is shown is not exactly what it holds.`,
    safe: 'Nothing was recorded.',
    next: 'Save it as UTF-8, read it again, then approve it.',
    place: { file: path },
  };
}

function textMissing(review: Review): Problem {
  return {
    code: 'review-text-missing',
    what: `The text that ${review.by} approved is not in the store any more.`,
    safe: 'The runbook and the ledger of reviews are as they were.',
    next: 'Check the ledger with "muster review --verify", then read and approve the text anew.',
  };
}
