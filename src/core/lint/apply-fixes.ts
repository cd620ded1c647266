import type { Fix } from './rule.ts';

/**
 * The text with all fixes in it; every character outside of them stays as it is. Throws when two
 * fixes overlap or one lies outside of the text: then they were not made for this text.
 */
export function applyFixes(text: string, fixes: readonly Fix[]): string {
  const sorted = [...fixes].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const [i, fix] of sorted.entries()) {
    const before = sorted[i - 1];
    // Two insertions at one place have no order that anybody chose.
    const samePlace = before !== undefined && before.start === fix.start;
    if (fix.start < at || fix.end < fix.start || fix.end > text.length || samePlace) {
      throw new RangeError(`The fixes overlap, or lie outside of the text, at ${fix.start}.`);
    }
    pieces.push(text.slice(at, fix.start), fix.text);
    at = fix.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** The fixes of findings that can be applied together: of two that overlap, the first. */
export function fixesOf(findings: readonly { fix?: Fix }[]): Fix[] {
  const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  fixes.sort((a, b) => a.start - b.start || a.end - b.end);
  const kept: Fix[] = [];
  for (const fix of fixes) {
    const last = kept.at(-1);
    if (last === undefined || (fix.start > last.start && fix.start >= last.end)) kept.push(fix);
  }
  return kept;
}
