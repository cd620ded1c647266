import { expect, it } from 'vitest';
import { parse } from '../../core/runbook/parse.ts';
import { blocksOf } from './blocks.ts';
import { blockAt } from './go-to-line.ts';

it('finds the block that holds a line', () => {
  const runbook = parse('# T\n\nIntro.\n\n## P\n\nText.\n\n### A\n\nmore\n\n### B\n\nlast\n');
  const blocks = blocksOf(runbook);
  const at = (line: number): string | undefined => blocks[blockAt(blocks, line)]?.kind;
  expect([1, 3, 5, 7, 9, 12].map(at)).toEqual(['head', 'head', 'phase', 'phase', 'step', 'step']);
  expect(blockAt(blocks, 9)).toBe(blockAt(blocks, 11));
  expect(blockAt(blocks, 15)).toBe(blocks.length - 1);
  expect(blockAt(blocks, 999)).toBe(blocks.length - 1);
});
