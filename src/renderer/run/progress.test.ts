import { describe, expect, it } from 'vitest';
import type { StepProgress } from '../../shared/ipc.ts';
import { grownProgress, leftMs, rateOf } from './progress.ts';

const at = (done: number, label = 'Loading'): StepProgress => ({
  run: 'r',
  step: 's',
  label,
  done,
  total: 1000,
  unit: 'bytes',
});

describe('progress', () => {
  it('knows its speed and what is left once it has a past of a second', () => {
    const first = grownProgress(undefined, at(0), 0);
    expect([rateOf(first), leftMs(first)]).toEqual([null, null]);
    const second = grownProgress(first, at(100), 500);
    expect(rateOf(second)).toBeNull();
    const third = grownProgress(second, at(400), 2000);
    expect([rateOf(third), leftMs(third)]).toEqual([200, 3000]);
  });

  it('reckons from the last seconds alone', () => {
    let known = grownProgress(undefined, at(0), 0);
    known = grownProgress(known, at(10), 11_000);
    known = grownProgress(known, at(510), 12_000);
    expect(rateOf(known)).toBe(500);
  });

  it('begins anew with other work, and when it went back', () => {
    const old = grownProgress(undefined, at(500), 0);
    expect(grownProgress(old, at(600, 'Checking'), 2000).earlier).toEqual([]);
    expect(grownProgress(old, at(10), 2000).earlier).toEqual([]);
  });
});
