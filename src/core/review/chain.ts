import { canonicalWithout } from '../ledger/canonical.ts';
import { type ChainCheck, noHash, type Sha256 } from '../ledger/chain.ts';
import type { ReviewBody, ReviewEvent } from './events.ts';

/** The next event of the ledger of reviews, tied to the one before it (null for the first). */
export function linkReview(
  previous: Pick<ReviewEvent, 'seq' | 'hash'> | null,
  time: string,
  body: ReviewBody,
  sha256: Sha256,
): ReviewEvent {
  const event = {
    seq: previous === null ? 1 : previous.seq + 1,
    time,
    body,
    prev: previous === null ? noHash : previous.hash,
  };
  return { ...event, hash: sha256(canonicalWithout(event, 'hash')) };
}

/**
 * Recomputes the ledger of reviews, given in its order. What it finds and what no chain can show
 * is the same as for a run, see `verifyChain`.
 */
export function verifyReviewChain(events: Iterable<ReviewEvent>, sha256: Sha256): ChainCheck {
  let count = 0;
  let head: string | null = null;
  for (const event of events) {
    const why = misfit(event, count + 1, head ?? noHash, sha256);
    if (why !== null) return { events: count, head, bad: { seq: count + 1, why } };
    count += 1;
    head = event.hash;
  }
  return { events: count, head, bad: null };
}

function misfit(event: ReviewEvent, seq: number, prev: string, sha256: Sha256): string | null {
  if (event.seq !== seq) {
    return event.seq > seq
      ? `Review ${seq} is missing: review ${event.seq} stands in its place.`
      : `Review ${event.seq} stands where review ${seq} belongs.`;
  }
  if (event.hash !== sha256(canonicalWithout(event, 'hash'))) {
    return `Review ${seq} was changed: its content does not match its hash.`;
  }
  if (event.prev !== prev) {
    return seq === 1
      ? 'Review 1 does not begin a chain: it names a review before it.'
      : `Review ${seq} does not follow review ${seq - 1}: it was written after another one.`;
  }
  return null;
}
