import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Block } from './blocks.ts';
import styles from './Outline.module.css';

interface Props {
  blocks: readonly Block[];
  /** Covers the text instead of standing beside it. */
  over: boolean;
  onPick: (index: number) => void;
}

/** The phases and steps, at one line each. */
export function Outline({ blocks, over, onPick }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (blocks[index]?.kind === 'phase' ? 36 : index === 0 ? 8 : 28),
    overscan: 12,
  });
  return (
    <nav ref={scroll} className={styles.outline} data-over={over || undefined} aria-label="Outline">
      <ul style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const block = blocks[index];
          if (block === undefined || block.kind === 'head') return null;
          return (
            <li key={block.key} style={{ transform: `translateY(${start}px)` }}>
              {block.kind === 'phase' ? (
                <button type="button" className={styles.phase} onClick={() => onPick(index)}>
                  {block.phase.title}
                </button>
              ) : (
                <button
                  type="button"
                  className={styles.step}
                  title={block.step.title}
                  onClick={() => onPick(index)}
                >
                  <span className={styles.number}>{block.number}</span>
                  {block.step.title}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
