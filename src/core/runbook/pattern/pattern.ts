import { compile, type Instruction } from './program.ts';
import { type Range, readPattern, Unsupported } from './syntax.ts';

/**
 * The regular expressions of runbooks. They come from whoever wrote the file, and are tried on what
 * people type and programs print, so no pattern may keep the window or a run busy: `(a+)+$` takes
 * JavaScript's own matcher years. This one goes the same ways in the same order, and so finds the
 * same, but goes no way twice from the same place: its time is at most the length of the text times
 * that of the pattern. Whether a text matches is the same as in JavaScript; what matched is too,
 * except where an optional round of a repeat such as `(|a){1,2}` matches nothing.
 */
export interface Pattern {
  /** The first match and its groups, as `RegExp.exec` gives them, or null. */
  exec(text: string): (string | undefined)[] | null;
  test(text: string): boolean;
}

export type PatternResult = { ok: true; pattern: Pattern } | { ok: false; message: string };

const LONGEST_PATTERN = 1000;
/** Places times instructions, one bit each: 32 MB. Of a longer text the end is looked at. */
const MOST_CELLS = 2 ** 28;

/** `lines`: `^` and `$` match at line ends too. */
export function readRegularExpression(
  source: string,
  options: { lines?: boolean } = {},
): PatternResult {
  if (source.length > LONGEST_PATTERN) {
    return { ok: false, message: `it is longer than ${LONGEST_PATTERN} characters` };
  }
  try {
    new RegExp(source);
    const { node, groups } = readPattern(source);
    const program = compile(node);
    const exec: Pattern['exec'] = (text) => run(program, groups, text, options.lines === true);
    return { ok: true, pattern: { exec, test: (text) => exec(text) !== null } };
  } catch (thrown) {
    if (thrown instanceof Unsupported || thrown instanceof SyntaxError) {
      return { ok: false, message: thrown.message };
    }
    throw thrown;
  }
}

/** Why `source` cannot be used as a pattern, or null. */
export function patternFault(source: string): string | null {
  const result = readRegularExpression(source);
  return result.ok ? null : result.message;
}

function run(
  program: readonly Instruction[],
  groups: number,
  whole: string,
  lines: boolean,
): (string | undefined)[] | null {
  const most = Math.floor(MOST_CELLS / program.length) - 1;
  const text = whole.length > most ? whole.slice(-most) : whole;
  const matcher = new Matcher(program, groups, text, lines);
  for (let start = 0; start <= text.length; start += 1) {
    const slots = matcher.from(start);
    if (slots === null) continue;
    return Array.from({ length: groups + 1 }, (_, i) => {
      const from = slots[i * 2] ?? -1;
      const to = slots[i * 2 + 1] ?? -1;
      return from < 0 || to < 0 ? undefined : text.slice(from, to);
    });
  }
  return null;
}

class Matcher {
  readonly #program: readonly Instruction[];
  readonly #text: string;
  readonly #lines: boolean;
  /** Where the groups begin and end; -1 for none. */
  readonly #slots: number[];
  /** Instructions and places that led nowhere, or lie on the way that is tried. */
  readonly #visited: Uint32Array;
  /** Pairs: an instruction and a place to try, or `-1 - slot` and what to put back there. */
  readonly #stack: number[] = [];

  constructor(program: readonly Instruction[], groups: number, text: string, lines: boolean) {
    this.#program = program;
    this.#text = text;
    this.#lines = lines;
    this.#slots = new Array<number>(groups * 2 + 2).fill(-1);
    this.#visited = new Uint32Array(Math.ceil((program.length * (text.length + 1)) / 32));
  }

  from(start: number): readonly number[] | null {
    const stack = this.#stack;
    stack.push(0, start);
    while (stack.length > 0) {
      const at = stack.pop() ?? 0;
      const instruction = stack.pop() ?? 0;
      if (instruction < 0) {
        this.#slots[-1 - instruction] = at;
        continue;
      }
      const end = this.#follow(instruction, at);
      if (end === null) continue;
      this.#slots[0] = start;
      this.#slots[1] = end;
      return this.#slots;
    }
    return null;
  }

  /** The end of a match, or null where the way ends. */
  #follow(first: number, place: number): number | null {
    let here = first;
    let at = place;
    for (;;) {
      const instruction = this.#program[here];
      if (instruction === undefined || !this.#isNew(here, at)) return null;
      switch (instruction.op) {
        case 'match':
          return at;
        case 'set':
          if (at >= this.#text.length) return null;
          if (isIn(this.#text.charCodeAt(at), instruction.ranges) === instruction.negated) {
            return null;
          }
          at += 1;
          here += 1;
          break;
        case 'split':
          this.#stack.push(instruction.or, at);
          here = instruction.to;
          break;
        case 'jump':
          here = instruction.to;
          break;
        case 'save':
          this.#set(instruction.slot, at);
          here += 1;
          break;
        case 'clear':
          for (let slot = instruction.from; slot < instruction.to; slot += 1) this.#set(slot, -1);
          here += 1;
          break;
        case 'assert':
          if (!this.#holds(instruction.what, at)) return null;
          here += 1;
          break;
      }
    }
  }

  #isNew(instruction: number, at: number): boolean {
    const cell = instruction * (this.#text.length + 1) + at;
    const word = Math.floor(cell / 32);
    const bit = 1 << (cell % 32);
    const before = this.#visited[word] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#visited[word] = before | bit;
    return true;
  }

  #set(slot: number, value: number): void {
    this.#stack.push(-1 - slot, this.#slots[slot] ?? -1);
    this.#slots[slot] = value;
  }

  #holds(what: '^' | '$' | 'b' | 'B', at: number): boolean {
    const text = this.#text;
    if (what === '^') return at === 0 || (this.#lines && isLineEnd(text.charCodeAt(at - 1)));
    if (what === '$') return at === text.length || (this.#lines && isLineEnd(text.charCodeAt(at)));
    const edge = isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at));
    return edge === (what === 'b');
  }
}

function isIn(code: number, ranges: readonly Range[]): boolean {
  for (const [first, last] of ranges) if (code >= first && code <= last) return true;
  return false;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

/** False at both ends of the text, where there is no character. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  );
}
