import type { Section } from './sections.ts';

/**
 * Which section of the text before is which of the text after, by index; null for an added one.
 * Steps are matched by id, then by title, then by what stands below their heading; phases by title,
 * and a renamed one by the steps it still holds.
 */
export function matchSections(
  before: readonly Section[],
  after: readonly Section[],
): (number | null)[] {
  const matches = new Matches(before, after);
  matches.by(({ kind }) => (kind === 'intro' ? 'intro' : null));
  matches.by(({ kind, id }) => (kind === 'step' ? id : null));
  matches.by(({ kind, title }) => (kind === 'step' ? title : null));
  matches.by(({ kind, lines }) => (kind === 'step' ? textBelow(lines) : null));
  matches.by(({ kind, title }) => (kind === 'phase' ? title : null));
  matches.phasesBySteps();
  return matches.found;
}

function textBelow(lines: readonly string[]): string | null {
  const text = lines.slice(1).join('\n').trim();
  return text === '' ? null : text;
}

class Matches {
  readonly found: (number | null)[];
  readonly #before: readonly Section[];
  readonly #after: readonly Section[];
  readonly #taken = new Set<number>();

  constructor(before: readonly Section[], after: readonly Section[]) {
    this.#before = before;
    this.#after = after;
    this.found = after.map(() => null);
  }

  /** Matches in order what has the same key and no match yet. */
  by(keyOf: (section: Section) => string | null): void {
    const waiting = new Map<string, number[]>();
    for (const [index, section] of this.#before.entries()) {
      const key = this.#taken.has(index) ? null : keyOf(section);
      if (key === null) continue;
      const same = waiting.get(key);
      if (same === undefined) waiting.set(key, [index]);
      else same.push(index);
    }
    // Reversed, so that the first one is taken from the end at no cost.
    for (const same of waiting.values()) same.reverse();
    for (const [index, section] of this.#after.entries()) {
      if (this.found[index] !== null) continue;
      const key = keyOf(section);
      const match = key === null ? undefined : waiting.get(key)?.pop();
      if (match !== undefined) this.#match(index, match);
    }
  }

  phasesBySteps(): void {
    const headOf = new Map<number, number>();
    for (const [index, { kind, phaseNumber }] of this.#before.entries()) {
      if (kind === 'phase') headOf.set(phaseNumber, index);
    }
    let head: number | null = null;
    for (const [index, { kind }] of this.#after.entries()) {
      if (kind === 'phase') head = this.found[index] === null ? index : null;
      const match = this.found[index];
      if (kind !== 'step' || head === null || match === null || match === undefined) continue;
      const headBefore = headOf.get(this.#before[match]?.phaseNumber ?? -1);
      if (headBefore !== undefined && !this.#taken.has(headBefore)) this.#match(head, headBefore);
      head = null;
    }
  }

  #match(after: number, before: number): void {
    this.found[after] = before;
    this.#taken.add(before);
  }
}

/** Of numbers in any order, the positions that stay when as few as possible are taken as moved. */
export function unmoved(numbers: readonly number[]): Set<number> {
  // The longest increasing subsequence, by patience sorting.
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, number] of numbers.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const stay = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) stay.add(at);
  return stay;
}
