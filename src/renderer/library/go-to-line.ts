import { createContext } from 'react';
import type { Block } from './blocks.ts';

/** Scrolls the text of the page to the step or phase that holds a line. */
export const GoToLine = createContext<(line: number) => void>(() => undefined);

/** Index of the block that holds a line. */
export function blockAt(blocks: readonly Block[], line: number): number {
  const next = blocks.findIndex((block) => firstLine(block) > line);
  return next < 0 ? blocks.length - 1 : Math.max(0, next - 1);
}

function firstLine(block: Block): number {
  if (block.kind === 'head') return 0;
  return block.kind === 'step' ? block.step.range.start : block.phase.range.start;
}
