import type { Block, Fence, Item, List, Paragraph, Plain, Quote, Table } from './blocks.ts';
import type { HtmlEnd } from './html-block.ts';

export type Container =
  | { kind: 'quote'; block: Quote; children: Block[] }
  /** `offset`: columns of indentation that continue the item. */
  | { kind: 'item'; block: Item; list: List; children: Block[]; offset: number };

export type Leaf =
  | { kind: 'paragraph'; block: Paragraph }
  | { kind: 'table'; block: Table }
  | { kind: 'code'; block: Plain }
  | { kind: 'html'; block: Plain; until: HtmlEnd }
  | { kind: 'fence'; block: Fence; char: string; length: number; indent: number };

/** The tree so far, and the blocks of it that the next line may continue. */
export class OpenBlocks {
  readonly blocks: Block[] = [];
  readonly stack: Container[] = [];
  leaf: Leaf | null = null;
  /** How many of the open containers the current line continues. */
  matched = 0;
  /** Blocks and list items so far. */
  count = 0;

  get innermost(): Container | undefined {
    return this.stack[this.stack.length - 1];
  }

  /** What the innermost container holds. */
  get children(): Block[] {
    return this.innermost?.children ?? this.blocks;
  }

  get allMatched(): boolean {
    return this.matched === this.stack.length;
  }

  /** Ends the containers that the current line does not continue, with what is open in them. */
  closeUnmatched(): void {
    if (this.allMatched) return;
    this.stack.length = this.matched;
    this.leaf = null;
  }

  /** Adds a block that is complete, or whose leaf the caller opens next. */
  add(block: Block): void {
    this.closeUnmatched();
    this.leaf = null;
    this.count += 1;
    this.children.push(block);
  }

  push(container: Container): void {
    this.count += 1;
    this.stack.push(container);
    this.matched = this.stack.length;
  }

  /** Replaces the block that was added last. */
  replaceLast(block: Block): void {
    this.children[this.children.length - 1] = block;
    this.leaf = null;
  }

  /** The open containers reach to this line. */
  extendTo(line: number): void {
    for (const container of this.stack) {
      container.block.end = line;
      if (container.kind === 'item') container.list.end = line;
    }
  }
}
