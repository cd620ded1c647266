import type { Block, Item, List, Paragraph, Plain, Quote, Table } from './blocks.ts';
import { htmlEnds, htmlStart } from './html-block.ts';
import { LineReader } from './line-reader.ts';
import {
  breakFault,
  closesFence,
  fenceStart,
  headingStart,
  isBlankFrom,
  isTableHead,
  isUnderline,
  type ListMarker,
  listMarker,
} from './line-starts.ts';
import { NestedFences, nestHeadings } from './nested-fences.ts';
import { type Leaf, OpenBlocks } from './open-blocks.ts';

/**
 * The block phase of CommonMark with GFM tables, line by line, in time linear in the text: a
 * runbook is opened in the middle of an outage, whatever is in the file. Inline Markdown is not
 * looked at; displaying is the renderer's work. `scan.test.ts` holds it against remark-parse, which
 * needs minutes for some texts that this reads in milliseconds.
 */

/** Containers deeper than this are text: no guide nests so deep, and each costs on every line. */
const DEEPEST = 50;

/** A text with more blocks is data; what follows is text. The bound keeps memory in proportion. */
const MOST_BLOCKS = 150_000;

export interface Scan {
  blocks: Block[];
  /** The first line on which containers nested too deep, or null. */
  tooDeep: number | null;
  /** The first line that was not looked at, or null. */
  fullAt: number | null;
}

export interface ScanOptions {
  /** Index of the first line to read; lines before it are front matter. */
  from: number;
  /** Whether a `markdown` fence that holds fences is read as part of the guide. */
  nestedFences: boolean;
}

export function scan(lines: readonly string[], options: ScanOptions): Scan {
  const scanner = new Scanner(lines, options.nestedFences);
  let fullAt: number | null = null;
  for (let i = options.from; i < lines.length; i += 1) {
    if (scanner.open.count >= MOST_BLOCKS) {
      fullAt = i + 1;
      break;
    }
    scanner.read(i);
  }
  const { blocks } = scanner.open;
  nestHeadings(blocks, scanner.nested.regions);
  return { blocks, tooDeep: scanner.tooDeep, fullAt };
}

class Scanner {
  readonly open = new OpenBlocks();
  readonly nested = new NestedFences();
  tooDeep: number | null = null;
  readonly #lines: readonly string[];
  readonly #nestedFences: boolean;
  readonly #reader = new LineReader();
  /** Number of the current line. */
  #line = 0;
  /** Number of the line that closes the current nested region, or 0. */
  #regionEnd = 0;
  /** Up to `until` the current line is known to be no thematic break of `char`. */
  #noBreak = { char: '', until: -1 };

  constructor(lines: readonly string[], nestedFences: boolean) {
    this.#lines = lines;
    this.#nestedFences = nestedFences;
  }

  read(index: number): void {
    const { open } = this;
    const reader = this.#reader;
    this.#line = index + 1;
    reader.reset(this.#lines[index] ?? '');
    this.#noBreak.until = -1;
    const blank = reader.blank;
    if (this.#line === this.#regionEnd) {
      this.#delimiter();
      return;
    }
    open.matched = this.#continueContainers();
    // Only a paragraph can be continued by a line that leaves its containers.
    if (open.leaf?.kind !== 'paragraph') open.closeUnmatched();
    const used = (open.leaf !== null && this.#continueLeaf(open.leaf)) || this.#startBlocks();
    if (!used && reader.blank) {
      open.closeUnmatched();
      open.leaf = null;
    } else if (!used) {
      this.#text();
    }
    if (!blank || open.leaf?.kind === 'fence') open.extendTo(this.#line);
  }

  #continueContainers(): number {
    const reader = this.#reader;
    let matched = 0;
    for (const container of this.open.stack) {
      if (container.kind === 'quote') {
        if (reader.indent > 3 || reader.text[reader.next] !== '>') break;
        this.#skipQuoteMark();
      } else if (reader.blank) {
        // A blank line right after an empty item ends it.
        if (container.children.length === 0) break;
        // White space beyond the item's indentation is content of a fence.
        reader.advance(Math.min(reader.indent, container.offset));
      } else if (reader.indent >= container.offset) {
        reader.advance(container.offset);
      } else {
        break;
      }
      matched += 1;
    }
    return matched;
  }

  #skipQuoteMark(): void {
    const reader = this.#reader;
    reader.skipIndent();
    reader.advance(1);
    if (reader.atSpace) reader.advance(1);
  }

  /** Whether the line belongs to the open leaf and is used up. */
  #continueLeaf(leaf: Leaf): boolean {
    const reader = this.#reader;
    const { open } = this;
    switch (leaf.kind) {
      case 'paragraph':
        return false;
      case 'fence':
        leaf.block.end = this.#line;
        if (reader.indent <= 3 && closesFence(reader.text, reader.next, leaf.char, leaf.length)) {
          leaf.block.closed = true;
          open.leaf = null;
        } else {
          reader.advance(Math.min(reader.indent, leaf.indent));
          leaf.block.code.push(reader.rest());
        }
        return true;
      case 'html':
        if (leaf.until === 'blank' && reader.blank) return false;
        leaf.block.end = this.#line;
        if (htmlEnds(reader.text, reader.offset, leaf.until)) open.leaf = null;
        return true;
      case 'code':
        if (reader.blank) return true;
        if (reader.indent >= 4) {
          leaf.block.end = this.#line;
          return true;
        }
        open.leaf = null;
        return false;
      case 'table':
        return false;
    }
  }

  /** Opens the blocks that begin on this line. Whether the line is used up by them. */
  #startBlocks(): boolean {
    const reader = this.#reader;
    const { open } = this;
    while (!reader.blank) {
      const paragraph = open.leaf?.kind === 'paragraph' ? open.leaf.block : null;
      if (reader.indent >= 4) {
        // Indented code cannot interrupt a paragraph.
        if (paragraph !== null) return false;
        const block: Plain = { type: 'code', line: this.#line, end: this.#line };
        open.add(block);
        open.leaf = { kind: 'code', block };
        return true;
      }
      // A paragraph that this line may continue lazily is not interrupted, but left.
      const interrupts = paragraph !== null && open.allMatched ? paragraph : null;
      if (this.#startContainer(interrupts)) continue;
      return this.#startLeaf(paragraph !== null, interrupts);
    }
    return false;
  }

  #startContainer(interrupts: Paragraph | null): boolean {
    const reader = this.#reader;
    const { text, next } = reader;
    const char = text[next] ?? '';
    if (char === '>') {
      if (!this.#mayNest()) return false;
      const block: Quote = { type: 'quote', line: this.#line, end: this.#line, children: [] };
      this.#skipQuoteMark();
      this.open.add(block);
      this.open.push({ kind: 'quote', block, children: block.children });
      return true;
    }
    const marker = listMarker(text, next);
    if (marker === null) return false;
    if (char === '-' && interrupts !== null && isUnderline(text, next, '-')) return false;
    if ((char === '-' || char === '*') && this.#isBreak(char)) return false;
    if (interrupts !== null) {
      const empty = isBlankFrom(text, next + marker.length);
      if (empty || (marker.number !== null && marker.number !== 1)) return false;
    }
    if (!this.#mayNest()) return false;
    this.#openItem(marker);
    return true;
  }

  #mayNest(): boolean {
    if (this.open.matched < DEEPEST) return true;
    this.tooDeep ??= this.#line;
    return false;
  }

  #openItem(marker: ListMarker): void {
    const reader = this.#reader;
    const { open } = this;
    const line = this.#line;
    open.closeUnmatched();
    open.leaf = null;
    const before = reader.indent;
    reader.skipIndent();
    reader.advance(marker.length);
    // Five columns and more: the item begins with indented code.
    const padding = reader.blank || reader.indent > 4 ? 1 : reader.indent;
    if (reader.atSpace) reader.advance(padding);
    const last = open.children[open.children.length - 1];
    let list: List;
    if (last?.type === 'list' && last.marker === marker.kind) {
      list = last;
    } else {
      const ordered = marker.number !== null;
      list = { type: 'list', line, end: line, ordered, items: [], marker: marker.kind };
      open.children.push(list);
    }
    const block: Item = { line, end: line, children: [], indent: reader.column };
    list.items.push(block);
    const offset = before + marker.length + padding;
    open.push({ kind: 'item', block, list, children: block.children, offset });
  }

  /** A leaf that begins here and uses up the line, or ends the paragraph as its heading. */
  #startLeaf(lazy: boolean, interrupts: Paragraph | null): boolean {
    const { text, next } = this.#reader;
    const char = text[next] ?? '';
    switch (char) {
      case '#': {
        const heading = headingStart(text, next);
        if (heading === null) return false;
        this.open.add({ type: 'heading', line: this.#line, end: this.#line, ...heading });
        return true;
      }
      case '`':
      case '~':
        return this.#startFence();
      case '<':
        return this.#startHtml(lazy);
      case '=':
      case '-':
        if (interrupts !== null && isUnderline(text, next, char)) {
          this.#underline(interrupts, char === '=' ? 1 : 2);
          return true;
        }
        return char === '-' && this.#startBreak(char);
      case '*':
      case '_':
        return this.#startBreak(char);
      default:
        return false;
    }
  }

  #startFence(): boolean {
    const reader = this.#reader;
    const { open } = this;
    const start = fenceStart(reader.text, reader.next);
    if (start === null) return false;
    open.closeUnmatched();
    const { char, length, info, column } = start;
    if (this.#nestedFences && open.stack.length === 0 && this.#startRegion(char, length, info)) {
      return true;
    }
    const container = open.innermost;
    const block: Block & { type: 'fence' } = {
      type: 'fence',
      line: this.#line,
      end: this.#line,
      info,
      column,
      code: [],
      closed: false,
      indent: container?.kind === 'item' ? container.block.indent : 0,
    };
    open.add(block);
    open.leaf = { kind: 'fence', block, char, length, indent: reader.indent };
    return true;
  }

  /** Whether a fence opens that holds fences, and is therefore read as part of the guide. */
  #startRegion(char: string, length: number, info: string): boolean {
    if (!/^(?:markdown|md)$/i.test(info) || this.#line < this.#regionEnd) return false;
    const close = this.nested.findEnd(this.#lines, this.#line - 1, char, length);
    if (close === null) return false;
    this.#regionEnd = close + 1;
    this.nested.regions.push({ open: this.#line, close: this.#regionEnd });
    this.#delimiter();
    return true;
  }

  #startHtml(lazy: boolean): boolean {
    const { text, next } = this.#reader;
    const until = htmlStart(text, next, lazy);
    if (until === null) return false;
    const block: Plain = { type: 'html', line: this.#line, end: this.#line };
    this.open.add(block);
    if (!htmlEnds(text, next, until)) this.open.leaf = { kind: 'html', block, until };
    return true;
  }

  #startBreak(char: string): boolean {
    if (!this.#isBreak(char)) return false;
    this.open.add({ type: 'rule', line: this.#line, end: this.#line });
    return true;
  }

  #isBreak(char: string): boolean {
    const { text, next } = this.#reader;
    // A line of many list markers asks again and again; the answer behind a failure is the same.
    if (this.#noBreak.char === char && next < this.#noBreak.until) return false;
    const until = breakFault(text, next, char);
    this.#noBreak = { char, until };
    return until < 0;
  }

  /** The open paragraph becomes a heading. */
  #underline(paragraph: Paragraph, depth: number): void {
    this.open.replaceLast({
      type: 'heading',
      line: paragraph.line,
      end: this.#line,
      depth,
      text: paragraph.text.slice(0, 20).join(' ').trim(),
      column: 1,
    });
  }

  /** Text that begins nothing: it continues or begins a paragraph or a table. */
  #text(): void {
    const reader = this.#reader;
    const { open } = this;
    const line = this.#line;
    const text = reader.text.slice(reader.next);
    const leaf = open.leaf;
    if (leaf?.kind === 'paragraph') {
      if (open.allMatched && this.#startTable(leaf.block, text)) return;
      leaf.block.text.push(text);
      leaf.block.end = line;
    } else if (leaf?.kind === 'table') {
      leaf.block.rows.push({ line, text });
      leaf.block.end = line;
    } else {
      const block: Paragraph = { type: 'paragraph', line, end: line, text: [text] };
      open.add(block);
      open.leaf = { kind: 'paragraph', block };
    }
  }

  /** The last line of the paragraph becomes a table's head when this line is its delimiter row. */
  #startTable(paragraph: Paragraph, text: string): boolean {
    const { open } = this;
    const header = paragraph.text[paragraph.text.length - 1] ?? '';
    if (!isTableHead(header, text)) return false;
    const line = this.#line;
    const block: Table = { type: 'table', line: line - 1, end: line, header, rows: [] };
    if (paragraph.text.length === 1) {
      open.replaceLast(block);
    } else {
      paragraph.text.pop();
      paragraph.end = line - 2;
      open.add(block);
    }
    open.leaf = { kind: 'table', block };
    return true;
  }

  /** The outer line of a fence that nests: it ends everything before it. */
  #delimiter(): void {
    this.open.matched = 0;
    this.open.add({ type: 'delimiter', line: this.#line, end: this.#line });
  }
}
