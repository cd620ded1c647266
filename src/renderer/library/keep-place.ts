import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import type { Block } from './blocks.ts';

/**
 * Keeps the text where the reader is when the file changes under it: the block at the top of the
 * view stays there, whatever was written above it.
 */
export function useKeepPlace(
  blocks: readonly Block[],
  list: Virtualizer<HTMLElement, Element>,
): void {
  const shown = useRef(blocks);
  const place = useRef<{ key: string; into: number } | null>(null);
  const offset = list.scrollOffset ?? 0;
  if (shown.current === blocks) {
    const top = list.getVirtualItems().find((item) => item.end > offset);
    const key = top === undefined ? undefined : blocks[top.index]?.key;
    place.current =
      top === undefined || key === undefined ? null : { key, into: offset - top.start };
  }
  useLayoutEffect(() => {
    if (shown.current === blocks) return;
    shown.current = blocks;
    const kept = place.current;
    if (kept === null || list.scrollOffset === 0) return;
    const index = blocks.findIndex((block) => block.key === kept.key);
    const start = index === -1 ? undefined : list.getOffsetForIndex(index, 'start')?.[0];
    if (start !== undefined) list.scrollToOffset(start + kept.into);
  });
}
