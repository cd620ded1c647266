/**
 * The tree of a regular expression, in JavaScript's syntax without the parts that no matcher can
 * bound: back references, and looking ahead or behind. The caller has let the platform check the
 * syntax, so that only what is left out needs words.
 */
export type Node =
  | { type: 'set'; ranges: readonly Range[]; negated: boolean }
  | { type: 'sequence'; nodes: readonly Node[] }
  | { type: 'choice'; nodes: readonly Node[] }
  | { type: 'repeat'; node: Node; least: number; most: number; greedy: boolean; groups: Groups }
  | { type: 'group'; index: number; node: Node }
  | { type: 'assertion'; what: '^' | '$' | 'b' | 'B' };

/** First and last character code. */
export type Range = readonly [number, number];
/** The first group inside, and the one behind the last. */
export type Groups = readonly [number, number];

export class Unsupported extends Error {}

const DIGIT: Range[] = [[48, 57]];
const WORD: Range[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: Range[] = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LINE_END: Range[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const CLASSES: Record<string, Range[]> = { d: DIGIT, w: WORD, s: SPACE };
const CONTROLS: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const HIGHEST = 0xffff;

/** The tree and the number of groups. Throws `Unsupported`. */
export function readPattern(source: string): { node: Node; groups: number } {
  const reader = new PatternReader(source);
  return { node: reader.choice(), groups: reader.groups };
}

class PatternReader {
  groups = 0;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { type: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#peek())) {
      const before = this.groups;
      const node = this.#atom();
      nodes.push(this.#quantified(node, [before, this.groups]));
    }
    return { type: 'sequence', nodes };
  }

  #quantified(node: Node, [before, after]: Groups): Node {
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/.exec(
      this.#source.slice(this.#at, this.#at + 30),
    );
    if (match === null) return node;
    this.#at += match[0].length;
    const [, sign, count, comma, upper, lazy] = match;
    const least = sign === '+' ? 1 : sign === undefined ? Number(count) : 0;
    const most =
      sign === '?'
        ? 1
        : sign !== undefined || (comma !== undefined && upper === '')
          ? Number.POSITIVE_INFINITY
          : Number(comma === undefined ? count : upper);
    return {
      type: 'repeat',
      node,
      least,
      most,
      greedy: lazy !== '?',
      groups: [before + 1, after + 1],
    };
  }

  #atom(): Node {
    const char = this.#next();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#set();
      case '.':
        return { type: 'set', ranges: LINE_END, negated: true };
      case '^':
      case '$':
        return { type: 'assertion', what: char };
      case '\\':
        if (/[bB]/.test(this.#peek())) {
          return { type: 'assertion', what: this.#next() === 'b' ? 'b' : 'B' };
        }
        return { type: 'set', ranges: this.#escape(), negated: false };
      default:
        return { type: 'set', ranges: one(char.charCodeAt(0)), negated: false };
    }
  }

  #group(): Node {
    const head = /^\?(?::|<[^=!][^>]*>)/.exec(this.#source.slice(this.#at, this.#at + 200))?.[0];
    if (head === undefined && this.#peek() === '?') {
      throw new Unsupported('it looks ahead or behind, which Muster does not support');
    }
    this.#at += head?.length ?? 0;
    if (head === '?:') {
      const node = this.choice();
      this.#take(')');
      return node;
    }
    this.groups += 1;
    const index = this.groups;
    const node = this.choice();
    this.#take(')');
    return { type: 'group', index, node };
  }

  #set(): Node {
    const negated = this.#take('^');
    const ranges: Range[] = [];
    while (this.#at < this.#source.length && !this.#take(']')) {
      const from = this.#member();
      const single = from.length === 1 && from[0]?.[0] === from[0]?.[1] ? from[0]?.[0] : undefined;
      const isRange = this.#peek() === '-' && this.#source[this.#at + 1] !== ']';
      if (!isRange || this.#at + 1 >= this.#source.length) {
        ranges.push(...from);
        continue;
      }
      this.#at += 1;
      const to = this.#member();
      const last = to.length === 1 && to[0]?.[0] === to[0]?.[1] ? to[0]?.[0] : undefined;
      // A class such as \d is no end of a range; the hyphen is one then.
      if (single === undefined || last === undefined) ranges.push(...from, ...one(45), ...to);
      else ranges.push([single, last]);
    }
    return { type: 'set', ranges, negated };
  }

  #member(): readonly Range[] {
    const char = this.#next();
    if (char !== '\\') return one(char.charCodeAt(0));
    if (this.#take('b')) return one(8);
    return this.#escape();
  }

  /** What stands behind a backslash. */
  #escape(): readonly Range[] {
    const char = this.#next();
    const known = CLASSES[char.toLowerCase()];
    if (known !== undefined && /[dws]/i.test(char)) {
      return char === char.toLowerCase() ? known : outside(known);
    }
    if (/[1-9k]/.test(char) || (char === '0' && /\d/.test(this.#peek()))) {
      throw new Unsupported('it refers back to a group, which Muster does not support');
    }
    if (char === 'c') throw new Unsupported('it holds a control character in the form \\c');
    const control = Object.hasOwn(CONTROLS, char) ? CONTROLS[char] : undefined;
    if (control !== undefined) return one(control);
    const length = char === 'x' ? 2 : char === 'u' ? 4 : 0;
    const digits = this.#source.slice(this.#at, this.#at + length);
    if (length > 0 && digits.length === length && /^[\da-f]+$/i.test(digits)) {
      this.#at += length;
      return one(Number.parseInt(digits, 16));
    }
    return one(char.charCodeAt(0));
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #next(): string {
    const char = this.#peek();
    this.#at += 1;
    return char;
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at += 1;
    return true;
  }
}

function one(code: number): Range[] {
  return [[code, code]];
}

/** All that is in none of the ranges, which are in order. */
function outside(ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let from = 0;
  for (const [first, last] of ranges) {
    if (first > from) rest.push([from, first - 1]);
    from = last + 1;
  }
  rest.push([from, HIGHEST]);
  return rest;
}
