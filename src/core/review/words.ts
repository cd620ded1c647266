import { formatDateTime } from '../units.ts';
import type { ReviewState } from './state.ts';

export const reviewStateWords = {
  never: 'never reviewed',
  reviewed: 'reviewed',
  changed: 'changed since review',
  overdue: 'review overdue',
} as const;

/** The day of a moment, as the operator's calendar has it. */
export function dayOf(iso: string, timeZone: string): string {
  return formatDateTime(iso, timeZone).slice(0, 10);
}

/** The state of a review in one or two sentences. */
export function reviewSentence(
  { state, review, isPastDue }: ReviewState,
  timeZone: string,
): string {
  if (review === null) return 'Never reviewed.';
  const by = `by ${review.by} on ${dayOf(review.at, timeZone)}`;
  const due = review.dueAt === null ? null : dayOf(review.dueAt, timeZone);
  switch (state) {
    case 'changed':
      return `Changed since the review ${by}.${isPastDue ? ` The review was due on ${due}.` : ''}`;
    case 'overdue':
      return `Review overdue since ${due}. Last reviewed ${by}.`;
    default:
      return `Reviewed ${by}.${due === null ? '' : ` Due again on ${due}.`}`;
  }
}
