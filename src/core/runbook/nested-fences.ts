import type { Block, Heading } from './blocks.ts';

/**
 * Fences inside fences. Some guides wrap a whole runbook in a ```` ```markdown ```` fence whose
 * content has fences of the same length. By CommonMark the first inner closing line ends the outer
 * fence, and from there on text and code are exchanged. Where inner fences open with a language
 * and close without one, the real end can be found; the content is then read as part of the guide.
 */

/** Lines of the outer fence, from 1. */
export interface NestedRegion {
  open: number;
  close: number;
}

/** How far all searches of one text may look together, in lines, so that parsing stays linear. */
const MOST_LINES = 200_000;

export class NestedFences {
  readonly regions: NestedRegion[] = [];
  #budget = MOST_LINES;

  /**
   * The index of the line that closes the outer fence which opens at `open`, or null when the fence
   * holds no inner one, the pairs do not match up, or too much was searched: then CommonMark holds.
   */
  findEnd(lines: readonly string[], open: number, char: string, length: number): number | null {
    let inner = 0;
    let pairs = 0;
    for (let i = open + 1; i < lines.length; i += 1) {
      this.#budget -= 1;
      if (this.#budget < 0) return null;
      const fence = fenceLine(lines[i] ?? '', char);
      // A shorter fence cannot be taken for the end of the outer one: it is content like any other.
      if (fence === null || fence.length < length) continue;
      if (inner > 0) {
        if (fence.bare && fence.length >= inner) {
          inner = 0;
          pairs += 1;
        }
      } else if (!fence.bare) {
        inner = fence.length;
      } else {
        return pairs > 0 ? i : null;
      }
    }
    return null;
  }
}

function fenceLine(line: string, char: string): { length: number; bare: boolean } | null {
  let start = 0;
  while (start < 3 && line[start] === ' ') start += 1;
  let end = start;
  while (line[end] === char) end += 1;
  if (end - start < 3) return null;
  const info = line.slice(end);
  if (char === '`' && info.includes('`')) return null;
  return { length: end - start, bare: info.trim() === '' };
}

/**
 * Puts the headings inside each region below the heading that stands before it: under an H4, an
 * inner H1 gets depth 5 and an inner H2 depth 6.
 */
export function nestHeadings(blocks: readonly Block[], regions: readonly NestedRegion[]): void {
  const headings = blocks.filter((block): block is Heading => block.type === 'heading');
  let at = 0;
  for (const region of regions) {
    while (at < headings.length && (headings[at]?.line ?? 0) < region.open) at += 1;
    const enclosing = headings[at - 1]?.depth ?? 1;
    const inner: Heading[] = [];
    for (let i = at; i < headings.length; i += 1) {
      const heading = headings[i];
      if (heading === undefined || heading.line > region.close) break;
      inner.push(heading);
    }
    const highest = inner.reduce((depth, heading) => Math.min(depth, heading.depth), 6);
    const shift = Math.max(0, enclosing + 1 - highest);
    for (const heading of inner) heading.depth += shift;
  }
}
