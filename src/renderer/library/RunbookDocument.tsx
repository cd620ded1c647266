import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react';
import type { Runbook } from '../../core/runbook/model.ts';
import { Markdown } from '../document/Markdown.tsx';
import { StepDocument } from '../document/StepDocument.tsx';
import { useAim } from './aim.ts';
import type { Block } from './blocks.ts';
import { blockAt, GoToLine } from './go-to-line.ts';
import { useKeepPlace } from './keep-place.ts';
import { MarkReviewed } from './MarkReviewed.tsx';
import styles from './RunbookPage.module.css';
import { StepFindings } from './StepFindings.tsx';

export interface DocumentHandle {
  show(index: number): void;
  /** To the next or the previous step. */
  move(by: 1 | -1): void;
}

interface Props {
  ref: Ref<DocumentHandle>;
  runbook: Runbook;
  blocks: readonly Block[];
  /** Stands before the intro. */
  children: ReactNode;
}

/** The whole text. Only what is near the window is drawn. */
export function RunbookDocument({ ref, runbook, blocks, children }: Props) {
  const scroll = useRef<HTMLElement>(null);
  const at = useRef(0);
  const list = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (blocks[index]?.kind === 'step' ? 220 : 80),
    getItemKey: (index) => blocks[index]?.key ?? index,
    overscan: 3,
  });

  useKeepPlace(blocks, list);

  const show = (index: number) => {
    at.current = index;
    list.scrollToIndex(index, { align: 'start' });
  };
  useAim(blocks, show);

  useImperativeHandle(ref, () => ({
    show,
    move(by) {
      let index = at.current + by;
      while (blocks[index] !== undefined && blocks[index]?.kind !== 'step') index += by;
      if (blocks[index] !== undefined) show(index);
    },
  }));

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls by keyboard
    <section ref={scroll} className={styles.document} aria-label="Text of the runbook" tabIndex={0}>
      <div className={styles.sheet} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const block = blocks[item.index];
          if (block === undefined) return null;
          return (
            <div
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              className={styles.block}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {block.kind === 'head' && (
                <div className={styles.intro}>
                  <GoToLine value={(line) => show(blockAt(blocks, line))}>{children}</GoToLine>
                  <Markdown text={runbook.intro} />
                </div>
              )}
              {block.kind === 'phase' && (
                <div className={styles.phase}>
                  <h2>{block.phase.title}</h2>
                  {block.phase.condition !== null && <p>only if {block.phase.condition}</p>}
                  <Markdown text={block.phase.intro} />
                </div>
              )}
              {block.kind === 'step' && (
                <>
                  <StepDocument
                    step={block.step}
                    runbook={runbook}
                    unreviewed={
                      block.step.action !== null && (
                        <MarkReviewed step={block.step} line={block.step.action.line} />
                      )
                    }
                  />
                  <StepFindings step={block.step} runbook={runbook} />
                </>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}
