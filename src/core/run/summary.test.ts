import { describe, expect, it } from 'vitest';
import type { StepStatus } from './state.ts';
import { countSteps } from './summary.ts';

const count = (steps: Record<string, StepStatus>) =>
  countSteps(Object.entries(steps).map(([id, status]) => ({ id, status })));

describe('the count of steps', () => {
  it('takes a call and a list for the steps within them', () => {
    const steps: Record<string, StepStatus> = {
      plain: 'succeeded',
      restore: 'running',
      'restore/stop': 'succeeded',
      'restore/load': 'running',
      'restore/load[1]': 'succeeded',
      'restore/load[2]': 'pending',
    };
    expect(count(steps)).toEqual({ done: 3, total: 4 });
  });

  it('takes a list without items for one step', () => {
    expect(count({ list: 'pending' })).toEqual({ done: 0, total: 1 });
    expect(count({ list: 'succeeded' })).toEqual({ done: 1, total: 1 });
  });

  it('leaves out what takes back other steps', () => {
    expect(count({ a: 'succeeded', '~a': 'pending' })).toEqual({ done: 1, total: 1 });
    expect(count({ c: 'succeeded', 'c/a': 'succeeded', '~c/a': 'failed' })).toEqual({
      done: 1,
      total: 1,
    });
  });

  it('counts what lies within a step that was left out as left out', () => {
    expect(count({ call: 'skipped', 'call/a': 'pending', 'call/b[1]': 'pending' })).toEqual({
      done: 2,
      total: 2,
    });
  });
});
