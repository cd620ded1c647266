import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { linkReview, verifyReviewChain } from './chain.ts';
import type { ReviewBody, ReviewEvent } from './events.ts';
import { foldReviews, historyOf, reviewStateOf } from './state.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const day = 24 * 60 * 60 * 1000;
const begin = Date.parse('2026-03-29T12:00:00.000Z');

function ledger(...approvals: Partial<ReviewBody>[]): ReviewEvent[] {
  const events: ReviewEvent[] = [];
  for (const [index, change] of approvals.entries()) {
    const body: ReviewBody = {
      kind: 'review.approved',
      path: '/books/a.md',
      sha256: sha256('one'),
      title: 'A',
      by: 'ann',
      comment: '',
      reviewDays: null,
      host: 'desk',
      version: '0.1.0',
      ...change,
    };
    const time = new Date(begin + index * day).toISOString();
    events.push(linkReview(events.at(-1) ?? null, time, body, sha256));
  }
  return events;
}

const stateOf = (events: ReviewEvent[], text: string, path = '/books/a.md', after = 0) =>
  reviewStateOf(foldReviews(events), { path, sha256: sha256(text) }, begin + after);

describe('the state of a review', () => {
  test('is never, reviewed, changed or overdue', () => {
    const events = ledger({ reviewDays: 90 });
    expect(stateOf([], 'one').state).toBe('never');
    expect(stateOf(events, 'one')).toMatchObject({
      state: 'reviewed',
      isPastDue: false,
      review: { by: 'ann', dueAt: '2026-06-27T12:00:00.000Z' },
    });
    expect(stateOf(events, 'two').state).toBe('changed');
    expect(stateOf(events, 'one', undefined, 90 * day - 1).state).toBe('reviewed');
    expect(stateOf(events, 'one', undefined, 90 * day).state).toBe('overdue');
    expect(stateOf(events, 'two', undefined, 91 * day)).toMatchObject({
      state: 'changed',
      isPastDue: true,
    });
  });

  test('has no due date where the text sets no interval, or one past all dates', () => {
    expect(stateOf(ledger({}), 'one', undefined, 9_999 * day).state).toBe('reviewed');
    expect(stateOf(ledger({ reviewDays: 1e12 }), 'one').review?.dueAt).toBeNull();
  });

  test('holds for the same text elsewhere, until something later was approved at the path', () => {
    const copy = ledger({ path: '/elsewhere/b.md' });
    expect(stateOf(copy, 'one').state).toBe('reviewed');
    const later = ledger({ path: '/elsewhere/b.md' }, { sha256: sha256('two') });
    expect(stateOf(later, 'one').state).toBe('changed');
  });

  test('is changed when the file went back to a text that was approved before', () => {
    const events = ledger({}, { sha256: sha256('two') });
    expect(stateOf(events, 'one').state).toBe('changed');
    expect(stateOf([...ledger({}, { sha256: sha256('two') }, {})], 'one').state).toBe('reviewed');
  });

  test('is folded bit by bit as all at once, and its history is newest first', () => {
    const events = ledger({}, { sha256: sha256('two') }, { path: '/books/c.md' });
    const first = foldReviews(events.slice(0, 1));
    expect(foldReviews(events.slice(1), first)).toEqual(foldReviews(events));
    const file = { path: '/books/a.md', sha256: sha256('one') };
    expect(historyOf(foldReviews(events), file).map(({ seq }) => seq)).toEqual([3, 2, 1]);
  });
});

describe('the chain of reviews', () => {
  test('verifies, and finds each change, gap and reordering', () => {
    const events = ledger({}, { by: 'bob' }, { by: 'eve' });
    expect(verifyReviewChain(events, sha256)).toMatchObject({ events: 3, bad: null });
    const [one, two, three] = events;
    if (!one || !two || !three) throw new Error('three events');
    const forged = { ...two, body: { ...two.body, by: 'mallory' } };
    expect(verifyReviewChain([one, forged, three], sha256).bad?.seq).toBe(2);
    expect(verifyReviewChain([one, three], sha256).bad?.why).toContain('Review 2 is missing');
    expect(verifyReviewChain([two, three], sha256).bad?.seq).toBe(1);
    const relinked = linkReview(one, two.time, forged.body, sha256);
    expect(verifyReviewChain([one, relinked, three], sha256).bad?.seq).toBe(3);
    expect(verifyReviewChain([], sha256)).toEqual({ events: 0, head: null, bad: null });
  });
});
