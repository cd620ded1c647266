import type { Phase, Runbook, Step } from '../../core/runbook/model.ts';

/**
 * The document as one flat list. `number` counts the steps from 1. A key stays the same when lines
 * are added above, so that a text that changes on disk is drawn anew only where it changed.
 */
export type Block =
  | { kind: 'head'; key: string }
  | { kind: 'phase'; key: string; phase: Phase }
  | { kind: 'step'; key: string; step: Step; number: number };

const known = new WeakMap<Runbook, Block[]>();

export function blocksOf(runbook: Runbook): Block[] {
  const before = known.get(runbook);
  if (before !== undefined) return before;
  const blocks: Block[] = [{ kind: 'head', key: 'head' }];
  let number = 0;
  for (const [index, phase] of runbook.phases.entries()) {
    // A guide without H2 headings has one phase without a title.
    if (phase.title !== '' || phase.intro !== '') {
      blocks.push({ kind: 'phase', key: `phase ${index}`, phase });
    }
    for (const step of phase.steps) {
      number += 1;
      blocks.push({ kind: 'step', key: `step ${step.id}`, step, number });
    }
  }
  known.set(runbook, blocks);
  return blocks;
}
