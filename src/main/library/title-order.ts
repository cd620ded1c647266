import type { LibraryEntry } from '../../core/library/entry.ts';
import { titleOf } from '../../core/library/title.ts';

/**
 * Sorts runbooks by title as people do: `Node 9` before `Node 10`. The function that it returns
 * begins with the order of earlier lists, because to sort ten thousand titles anew takes as long
 * as a tenth of a second, and to look whether they are still sorted a tenth of that.
 */
export function titleOrder(): (entries: readonly LibraryEntry[]) => LibraryEntry[] {
  let collator: Intl.Collator | null = null;
  const ranks = new Map<string, number>();
  return (entries) => {
    collator ??= new Intl.Collator(undefined, { numeric: true });
    const { compare } = collator;
    const rank = ({ path }: LibraryEntry): number => ranks.get(path) ?? ranks.size;
    const sorted = entries
      .toSorted((a, b) => rank(a) - rank(b))
      .sort((a, b) => compare(titleOf(a), titleOf(b)));
    for (const [index, { path }] of sorted.entries()) ranks.set(path, index);
    return sorted;
  };
}
