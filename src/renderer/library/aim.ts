import { useEffect } from 'react';
import { go } from '../shell/navigation.ts';
import type { Block } from './blocks.ts';
import { useLibrary } from './store.ts';

/** Each frame measures what has come into view; after a few of them the place is found. */
const SETTLING_FRAMES = 10;

let aim: { path: string; line: number } | null = null;

/** Opens a runbook at the step or phase that begins on `line`. */
export function openAt(path: string, line: number): void {
  aim = { path, line };
  go('library', path);
}

/** Scrolls a document that has just appeared to where it was opened. */
export function useAim(blocks: readonly Block[], show: (index: number) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first text that is shown
  useEffect(() => {
    const wanted = aim;
    aim = null;
    if (wanted === null || useLibrary.getState().open?.path !== wanted.path) return;
    const index = blocks.findIndex((block) => lineOf(block) === wanted.line);
    if (index <= 0) return;
    let left = SETTLING_FRAMES;
    let frame = 0;
    const again = () => {
      show(index);
      left -= 1;
      if (left > 0) frame = requestAnimationFrame(again);
    };
    frame = requestAnimationFrame(again);
    return () => cancelAnimationFrame(frame);
  }, []);
}

function lineOf(block: Block): number {
  if (block.kind === 'head') return 1;
  return block.kind === 'step' ? block.step.line : block.phase.line;
}
