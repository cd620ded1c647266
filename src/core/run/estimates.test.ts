import { describe, expect, it } from 'vitest';
import { estimate, estimatedTotal } from './estimates.ts';
import type { EventBody, RunMode } from './events.ts';
import { createdOf, ended, eventsOf, phaseOf, runbookOf, started, stepOf } from './fixture.ts';
import { fold } from './reduce.ts';

const runbook = runbookOf([phaseOf('P', [stepOf('a'), stepOf('b')])]);

/** A run in which `a` takes so many seconds; the fixture's events are a second apart. */
function runTaking(seconds: number, mode: RunMode = 'drill') {
  const filler: EventBody[] = Array.from({ length: seconds - 1 }, (_, index) => ({
    kind: 'note.added',
    step: null,
    text: `note ${index}`,
    by: 'ann',
  }));
  const bodies = [started('a'), ...filler, ended('a', 1, 'succeeded')];
  const state = fold(eventsOf([createdOf(runbook, { mode }), ...bodies]));
  if (!state) throw new Error('no state');
  return state;
}

describe('estimates', () => {
  it('are the median of what a step took when it succeeded', () => {
    expect(estimate([runTaking(2), runTaking(9), runTaking(4)])).toEqual({
      runs: 3,
      steps: { a: 4000 },
    });
    expect(estimate([runTaking(2), runTaking(4)]).steps).toEqual({ a: 3000 });
  });

  it('learn nothing from rehearsals', () => {
    expect(estimate([runTaking(1, 'rehearsal')])).toEqual({ runs: 0, steps: {} });
  });

  it('add up over the steps that a run does, and say how many are not known', () => {
    const { steps } = runTaking(1);
    expect(estimatedTotal({ runs: 1, steps: { a: 4000 } }, steps)).toEqual({
      ms: 4000,
      known: 1,
      unknown: 1,
    });
    const [, b] = steps;
    if (!b) throw new Error('no step');
    expect(estimatedTotal({ runs: 1, steps: { b: 1 } }, [{ ...b, status: 'skipped' }]).known).toBe(
      0,
    );
  });
});
