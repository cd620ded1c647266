import type { Block, Fence, Item, List, Paragraph } from './blocks.ts';
import { type FenceUse, type FormatContext, fenceUse } from './fence-use.ts';
import { taskText } from './tasks.ts';

/**
 * What the outline needs to know of the blocks under one heading, in order and flat: containers
 * that hold a command or a task item are opened, all others are one `lead` each.
 */
export type Mark =
  /** Text that may lead in to a fence; `among` tells siblings from blocks of other containers. */
  | { kind: 'lead'; block: Block; line: number; among: readonly Block[] }
  /** Code to read, a rule: what stands before it belongs to what was before. */
  | { kind: 'shown'; line: number }
  | { kind: 'delimiter'; line: number; end: number }
  | { kind: 'fence'; use: FenceUse; line: number; among: readonly Block[] }
  | { kind: 'task'; line: number; end: number; text: string }
  /**
   * A numbered item that is a step; what it holds follows. `number` counts from 1; `alone`: its list
   * has no other item.
   */
  | { kind: 'item'; item: Item; line: number; number: number; alone: boolean };

export interface MarkContext extends FormatContext {
  lines: readonly string[];
}

/** Reads one document's blocks into marks; each fence is looked at once. */
export class Marker {
  readonly #context: MarkContext;
  readonly #uses = new Map<Fence, FenceUse | null>();
  readonly #working = new Map<Block, boolean>();

  constructor(context: MarkContext) {
    this.#context = context;
  }

  /**
   * Marks of the blocks directly under a heading. `itemsAreSteps`: whether numbered items among
   * them are steps; nested lists never are.
   */
  read(blocks: readonly Block[], itemsAreSteps: boolean): Mark[] {
    const marks: Mark[] = [];
    for (const block of blocks) {
      if (itemsAreSteps && block.type === 'list' && block.ordered && !isOnlyLinks(block)) {
        this.#items(block, marks);
      } else {
        this.#block(block, blocks, false, marks);
      }
    }
    return marks;
  }

  #items(list: List, marks: Mark[]): void {
    for (const [i, item] of list.items.entries()) {
      const alone = list.items.length === 1;
      marks.push({ kind: 'item', item, line: item.line, number: i + 1, alone });
      for (const child of item.children) this.#block(child, item.children, false, marks);
    }
  }

  #block(block: Block, among: readonly Block[], quoted: boolean, marks: Mark[]): void {
    const { line } = block;
    if (block.type === 'fence') {
      const use = this.#use(block);
      marks.push(use === null ? { kind: 'shown', line } : { kind: 'fence', use, line, among });
    } else if (block.type === 'code' || block.type === 'rule') {
      marks.push({ kind: 'shown', line });
    } else if (block.type === 'delimiter') {
      marks.push({ kind: 'delimiter', line, end: block.end });
    } else if (block.type === 'list' && this.#works(block)) {
      for (const item of block.items) this.#item(item, quoted, marks);
    } else if (block.type === 'quote' && this.#works(block)) {
      for (const child of block.children) this.#block(child, block.children, true, marks);
    } else {
      marks.push({ kind: 'lead', block, line, among });
    }
  }

  #item(item: Item, quoted: boolean, marks: Mark[]): void {
    // In a quote the marks of the quote stand in the lines, so its tasks are only shown.
    const isTask = !quoted && isTaskItem(item);
    const inner = isTask ? item.children.findIndex((child) => this.#works(child)) : 0;
    if (isTask) {
      const until = inner < 0 ? item.end : (item.children[inner]?.line ?? item.end + 1) - 1;
      marks.push({ kind: 'task', ...taskText(item, until, this.#context.lines) });
    }
    const rest = inner < 0 ? [] : item.children.slice(inner);
    for (const child of rest) this.#block(child, item.children, quoted, marks);
  }

  /** Whether a fence is a step's action, or stands for one. */
  uses(fence: Fence): boolean {
    return this.#use(fence) !== null;
  }

  #use(fence: Fence): FenceUse | null {
    let use = this.#uses.get(fence);
    if (use === undefined) {
      use = fenceUse(fence, this.#context);
      this.#uses.set(fence, use);
    }
    return use;
  }

  /** Whether a command or a task item is in the block. */
  #works(block: Block): boolean {
    const known = this.#working.get(block);
    if (known !== undefined) return known;
    let works = false;
    if (block.type === 'fence') works = this.#use(block) !== null;
    else if (block.type === 'quote') works = block.children.some((child) => this.#works(child));
    else if (block.type === 'list') {
      works = block.items.some(
        (item) => isTaskItem(item) || item.children.some((child) => this.#works(child)),
      );
    }
    this.#working.set(block, works);
    return works;
  }
}

/** `- [ ] text` or `- [x] text`. */
export function isTaskItem(item: Item): boolean {
  const first = item.children[0];
  return first?.type === 'paragraph' && /^\[[ xX]\]\s+\S/.test(first.text[0] ?? '');
}

const LINK = /^\[[^\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)[.,;]?$/;
/** A link of a table of contents fits on a line. */
const LONGEST_LINK = 500;

/** A table of contents: every item, and every item of the lists in it, is just a link. */
function isOnlyLinks(list: List): boolean {
  return list.items.every(
    (item) =>
      item.children.length > 0 &&
      item.children.every((child) => {
        if (child.type === 'list') return isOnlyLinks(child);
        return child.type === 'paragraph' && child.text.every(isLink);
      }),
  );
}

function isLink(text: string): boolean {
  return text.length <= LONGEST_LINK && LINK.test(text.trim());
}

/** The first paragraph of an item, when the item begins with one. */
export function openingParagraph(item: Item): Paragraph | null {
  const first = item.children[0];
  return first?.type === 'paragraph' ? first : null;
}
