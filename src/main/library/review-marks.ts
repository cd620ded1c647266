import type { LibraryEntry } from '../../core/library/entry.ts';
import { reviewStateOf } from '../../core/review/state.ts';
import type { Catalogue } from '../../engine/library/catalogue.ts';
import { readReviews } from '../../engine/reviews.ts';
import type { Store } from '../../store/open.ts';

/** The entries with their review state of now. */
export function withReviews(
  store: Store,
  catalogue: Catalogue,
  entries: readonly LibraryEntry[],
): LibraryEntry[] {
  const reviews = readReviews(store);
  const now = Date.now();
  return entries.map((entry) => {
    // A text whose hash is not known can at most be one that was changed.
    const sha256 = catalogue.sha256Of(entry.path) ?? '';
    const { state, review } = reviewStateOf(reviews, { path: entry.path, sha256 }, now);
    return { ...entry, review: state, reviewDue: review?.dueAt ?? null };
  });
}
