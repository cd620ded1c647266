import { diffArrays, diffWordsWithSpace } from 'diff';
import type { DiffLine } from './comparison.ts';

/** Lines and where the first of them stands. */
export interface Stretch {
  start: number;
  lines: readonly string[];
}

/** Beyond so many removed and added lines two stretches have nothing in common worth the time. */
const MAX_EDITS = 2_000;
/** Longest line that is compared by words, in characters. */
const MAX_WORDS_LENGTH = 1_000;

/** What became of the lines: each of both stretches appears exactly once. */
export function diffLines(before: Stretch, after: Stretch): DiffLine[] {
  const result: DiffLine[] = [];
  let b = 0;
  let a = 0;
  const take = (kind: DiffLine['kind'], count: number): void => {
    for (let i = 0; i < count; i += 1) {
      const text = (kind === 'removed' ? before.lines[b] : after.lines[a]) ?? '';
      result.push({
        kind,
        before: kind === 'added' ? null : before.start + b,
        after: kind === 'removed' ? null : after.start + a,
        text,
        words: null,
      });
      if (kind !== 'added') b += 1;
      if (kind !== 'removed') a += 1;
    }
  };
  const changes = diffArrays([...before.lines], [...after.lines], { maxEditLength: MAX_EDITS });
  if (changes === undefined) {
    take('removed', before.lines.length);
    take('added', after.lines.length);
  } else {
    for (const { added, removed, count } of changes) {
      take(added ? 'added' : removed ? 'removed' : 'same', count);
    }
  }
  markWords(result);
  return result;
}

/** Where as many lines were added as were removed before them, each has its counterpart. */
function markWords(lines: DiffLine[]): void {
  for (let at = 0; at < lines.length; ) {
    const removed = runOf(lines, at, 'removed');
    const added = runOf(lines, at + removed, 'added');
    if (removed === added) {
      for (let i = 0; i < removed; i += 1) markPair(lines[at + i], lines[at + removed + i]);
    }
    at += Math.max(1, removed + added);
  }
}

function runOf(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let count = 0;
  while (lines[from + count]?.kind === kind) count += 1;
  return count;
}

function markPair(removed: DiffLine | undefined, added: DiffLine | undefined): void {
  if (removed === undefined || added === undefined) return;
  const longest = Math.max(removed.text.length, added.text.length);
  if (longest > MAX_WORDS_LENGTH) return;
  const changes = diffWordsWithSpace(removed.text, added.text);
  const common = changes
    .filter((change) => !change.added && !change.removed)
    .reduce((sum, { value }) => sum + value.trim().length, 0);
  // Marks all over two lines that share little are harder to read than the lines.
  if (common * 3 < longest) return;
  removed.words = changes
    .filter((change) => !change.added)
    .map((change) => ({ text: change.value, changed: change.removed }));
  added.words = changes
    .filter((change) => !change.removed)
    .map((change) => ({ text: change.value, changed: change.added }));
}
