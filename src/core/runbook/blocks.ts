/**
 * The block structure of Markdown: what stands on which lines. Lines count from 1, ranges are
 * inclusive, columns count from 0 unless a field says otherwise.
 */

export interface Heading {
  type: 'heading';
  line: number;
  end: number;
  /** 1 to 6 as written; deeper inside a fence that nests (see `nested-fences.ts`). */
  depth: number;
  /** Inline Markdown, closing `#` removed. */
  text: string;
  /** Column of `text` in its line, from 1. */
  column: number;
}

export interface Fence {
  type: 'fence';
  line: number;
  end: number;
  /** What follows the opening backticks or tildes. */
  info: string;
  /** Column of `info`, from 1. */
  column: number;
  /** Content, indentation of containers and of the fence itself removed. */
  code: string[];
  /** False when the text or the container ended first. */
  closed: boolean;
  /** Column at which the content of the containing list item begins; 0 outside of lists. */
  indent: number;
}

export interface Paragraph {
  type: 'paragraph';
  line: number;
  end: number;
  text: string[];
}

export interface Table {
  type: 'table';
  line: number;
  end: number;
  header: string;
  rows: { line: number; text: string }[];
}

export interface List {
  type: 'list';
  line: number;
  end: number;
  ordered: boolean;
  items: Item[];
  /** The bullet, or the character after the number: another one begins another list. */
  marker: string;
}

export interface Item {
  line: number;
  end: number;
  children: Block[];
  /** Column at which the item's content begins. */
  indent: number;
}

export interface Quote {
  type: 'quote';
  line: number;
  end: number;
  children: Block[];
}

/** What has no inside that matters here. `delimiter`: the outer lines of a fence that nests. */
export interface Plain {
  type: 'html' | 'code' | 'rule' | 'delimiter';
  line: number;
  end: number;
}

export type Block = Heading | Fence | Paragraph | Table | List | Quote | Plain;

/** Visits every block, containers before their content. Depth is bounded by the scanner. */
export function visit(blocks: readonly Block[], each: (block: Block) => void): void {
  for (const block of blocks) {
    each(block);
    if (block.type === 'quote') visit(block.children, each);
    else if (block.type === 'list') for (const item of block.items) visit(item.children, each);
  }
}
