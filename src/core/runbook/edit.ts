import { editAttribute } from './attribute-edit.ts';
import { type Block, type Fence, type Heading, type Item, visit } from './blocks.ts';
import { Findings } from './findings.ts';
import { readFrontMatter } from './front-matter.ts';
import { lineOffset, readLines, splitLines } from './lines.ts';
import { isTaskItem } from './marks.ts';
import { scan } from './scan.ts';

/**
 * Muster's own edits of a runbook. The text is the truth: an edit is a stretch of it and what
 * stands there instead, and every other character stays as it is, line ends, tabs and all. Each
 * returns null where there is nothing to edit, or where the edit cannot be written.
 */
export interface Change {
  /** Offsets in the text; `end` is behind the last character that goes. */
  start: number;
  end: number;
  text: string;
}

/** The text after the changes, which do not overlap. */
export function applyChanges(text: string, changes: readonly Change[]): string {
  const inOrder = [...changes].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: string[] = [];
  let at = 0;
  for (const change of inOrder) {
    if (change.start < at || change.end < change.start || change.end > text.length) {
      throw new Error(`A change at ${change.start} overlaps the one before or leaves the text`);
    }
    pieces.push(text.slice(at, change.start), change.text);
    at = change.end;
  }
  return pieces.join('') + text.slice(at);
}

/** Sets or replaces an attribute of the fence or heading on `line`; null as value for a flag. */
export function setAttribute(
  text: string,
  line: number,
  key: string,
  value: string | null,
): Change | null {
  return editHolder(text, line, [{ key, value }]);
}

/** Takes an attribute of the fence or heading on `line` out. */
export function removeAttribute(text: string, line: number, key: string): Change | null {
  return editHolder(text, line, [{ key, value: undefined }]);
}

/** Says that a person has reviewed the action on `line`, and with it what was guessed about it. */
export function markReviewed(text: string, line: number): Change | null {
  return editHolder(text, line, [
    { key: 'guess', value: undefined },
    { key: 'reviewed', value: null },
  ]);
}

/** Ticks the task item on `line`, or takes its tick away. Only the character in the box changes. */
export function tickTask(text: string, line: number, done: boolean): Change | null {
  const item = new Editing(text).task(line);
  if (item === null) return null;
  const source = readLines(text);
  const start = lineOffset(source, line);
  const box = /^(?:[ \t]*(?:[-+*]|\d{1,9}[.)])(?=[ \t]))+[ \t]*\[([ xX])\]/.exec(
    source.lines[line - 1]?.text ?? '',
  );
  if (box === null) return null;
  const at = start + box[0].length - 2;
  return { start: at, end: at + 1, text: done ? 'x' : ' ' };
}

type Edits = readonly { key: string; value: string | null | undefined }[];

function editHolder(text: string, line: number, edits: Edits): Change | null {
  return new Editing(text).attributes(line, edits);
}

/** One text, scanned once for any number of edits, each of which refers to the text as it was. */
export class Editing {
  readonly #text: string;
  readonly #holders = new Map<number, Fence | Heading>();
  readonly #tasks = new Map<number, Item>();
  readonly #starts: number[];
  readonly #ends: number[];

  constructor(text: string) {
    this.#text = text;
    const lines = splitLines(text);
    const { format, lines: from } = readFrontMatter(lines, new Findings());
    const { blocks } = scan(lines, { from, nestedFences: format === 'guide' });
    visit(blocks, (block) => this.#note(block));
    const source = readLines(text);
    let offset = source.mark.length;
    this.#starts = [];
    this.#ends = [];
    for (const { text: line, end } of source.lines) {
      this.#starts.push(offset);
      this.#ends.push(offset + line.length);
      offset += line.length + end.length;
    }
  }

  #note(block: Block): void {
    if (block.type === 'fence') this.#holders.set(block.line, block);
    else if (block.type === 'heading' && block.line === block.end) {
      this.#holders.set(block.line, block);
    } else if (block.type === 'list') {
      for (const item of block.items) {
        // Of items on one line the last one has the box.
        if (isTaskItem(item)) this.#tasks.set(item.line, item);
      }
    }
  }

  task(line: number): Item | null {
    return this.#tasks.get(line) ?? null;
  }

  holder(line: number): Fence | Heading | null {
    return this.#holders.get(line) ?? null;
  }

  /** Offset of the first character of a line, and that behind its last. */
  line(number: number): { start: number; end: number } {
    const start = this.#starts[number - 1] ?? this.#text.length;
    return { start, end: this.#ends[number - 1] ?? this.#text.length };
  }

  /** The edits of one fence or heading as one change. */
  attributes(line: number, edits: Edits): Change | null {
    const holder = this.holder(line);
    if (holder === null) return null;
    const before = holder.type === 'fence' ? holder.info : holder.text;
    let after: string | null = before;
    for (const edit of edits) {
      if (after !== null) after = editAttribute(after, holder.type, edit);
    }
    if (after === null) return null;
    const start = this.line(line).start + holder.column - 1;
    if (this.#text.slice(start, start + before.length) !== before) return null;
    return difference(before, after, start);
  }
}

/** The shortest stretch in which the two differ. */
function difference(before: string, after: string, offset: number): Change {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < most - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  return {
    start: offset + head,
    end: offset + before.length - tail,
    text: after.slice(head, after.length - tail),
  };
}
