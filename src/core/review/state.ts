import { z } from 'zod';
import type { ReviewEvent } from './events.ts';

export const reviewStateNameSchema = z.enum(['never', 'reviewed', 'changed', 'overdue']);
/**
 * `changed`: the text is not the one that was approved last. `overdue`: it is, but the review is
 * no longer good. A changed text may be past its due date as well; `isPastDue` says so.
 */
export type ReviewStateName = z.infer<typeof reviewStateNameSchema>;

export const reviewSchema = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  path: z.string(),
  sha256: z.string(),
  title: z.string(),
  by: z.string(),
  comment: z.string(),
  /** The moment from which the review is overdue; null when the text sets no interval. */
  dueAt: z.iso.datetime().nullable(),
});
/** One approval. */
export type Review = z.infer<typeof reviewSchema>;

export const reviewStateSchema = z.object({
  state: reviewStateNameSchema,
  /** The approval that counts for this file, or null when there is none. */
  review: reviewSchema.nullable(),
  isPastDue: z.boolean(),
});
export type ReviewState = z.infer<typeof reviewStateSchema>;

/** All approvals of a store, with the last of each path and of each text at hand. */
export interface Reviews {
  readonly lastSeq: number;
  readonly all: readonly Review[];
  readonly ofPath: ReadonlyMap<string, Review>;
  readonly ofText: ReadonlyMap<string, Review>;
}

export const noReviews: Reviews = { lastSeq: 0, all: [], ofPath: new Map(), ofText: new Map() };

const DAY_MS = 24 * 60 * 60 * 1000;
/** The last moment that a date can hold, in ms. */
const LAST_MS = 8.64e15;

/** Takes further events into what is known. */
export function foldReviews(events: Iterable<ReviewEvent>, before: Reviews = noReviews): Reviews {
  const all = [...before.all];
  const ofPath = new Map(before.ofPath);
  const ofText = new Map(before.ofText);
  let { lastSeq } = before;
  for (const { seq, time, body } of events) {
    const { path, sha256, title, by, comment, reviewDays } = body;
    const review = {
      seq,
      at: time,
      path,
      sha256,
      title,
      by,
      comment,
      dueAt: due(time, reviewDays),
    };
    all.push(review);
    ofPath.set(path, review);
    ofText.set(sha256, review);
    lastSeq = seq;
  }
  return { lastSeq, all, ofPath, ofText };
}

function due(time: string, days: number | null): string | null {
  if (days === null) return null;
  const at = Date.parse(time) + days * DAY_MS;
  return Number.isNaN(at) || at > LAST_MS ? null : new Date(at).toISOString();
}

/**
 * The review state of a text at a path. What counts is the last approval of this path or of this
 * very text wherever it was: a copy of a reviewed runbook is reviewed, and a file that went back
 * to an older text, although that was approved once, is changed.
 */
export function reviewStateOf(
  reviews: Reviews,
  file: { path: string; sha256: string },
  now: number,
): ReviewState {
  const atPath = reviews.ofPath.get(file.path) ?? null;
  const ofText = reviews.ofText.get(file.sha256) ?? null;
  const review = (ofText?.seq ?? 0) > (atPath?.seq ?? 0) ? ofText : atPath;
  if (review === null) return { state: 'never', review, isPastDue: false };
  const isPastDue = review.dueAt !== null && Date.parse(review.dueAt) <= now;
  if (review.sha256 !== file.sha256) return { state: 'changed', review, isPastDue };
  return { state: isPastDue ? 'overdue' : 'reviewed', review, isPastDue };
}

/** The approvals that concern a file, newest first: of its path, and of its very text elsewhere. */
export function historyOf(reviews: Reviews, file: { path: string; sha256: string }): Review[] {
  return reviews.all
    .filter(({ path, sha256 }) => path === file.path || sha256 === file.sha256)
    .reverse();
}
