import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runStateSchema } from '../../shared/run-state.ts';
import { runEventSchema } from '../run/events.ts';
import { createdOf, eventsOf, phaseOf, ran, runbookOf, stepOf } from '../run/fixture.ts';
import { fold } from '../run/reduce.ts';
import type { RunState } from '../run/state.ts';
import { FOLD_FORM, joinState, splitState } from './snapshot.ts';

const folder = join(import.meta.dirname, '../run/histories');
const historySchema = z.object({ events: z.array(runEventSchema) });

/** The state of every recorded run. */
const states = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => {
    const history = historySchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    return whole(fold(history.events));
  });

function whole(state: RunState | null): RunState {
  if (!state) throw new Error('no state');
  return state;
}

describe('a snapshot', () => {
  it('comes back from JSON as it was folded, of every recorded run', () => {
    for (const state of states) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('is of another form when the fold has changed', () => {
    // Where this fails, recorded runs fold to other states than before: raise FOLD_FORM, so that
    // nobody is shown the old ones, and put the new pair here.
    const digest = createHash('sha256').update(JSON.stringify(states)).digest('hex');
    expect([FOLD_FORM, digest.slice(0, 16)]).toEqual([1, '989fc5ae9d45553d']);
  });

  it('has in its glance the last attempt of each step, and is put together again', () => {
    const runbook = runbookOf([phaseOf('All', [stepOf('a'), stepOf('b')])]);
    const tries = Array.from({ length: 4_000 }, (_, index) => ran('a', index + 1, 'failed'));
    const state = whole(fold(eventsOf([createdOf(runbook), ...tries.flat()])));
    const { glance, earlier } = splitState(state);
    expect(glance.steps.map(({ attempts }) => attempts.map(({ number }) => number))).toEqual([
      [4_000],
      [],
    ]);
    expect(joinState({ glance, earlier })).toEqual(state);
  });

  it('of a short run leaves nothing out', () => {
    for (const state of states) expect(splitState(state)).toEqual({ glance: state, earlier: null });
  });
});

describe('the state as it comes to the window', () => {
  it('is parsed without a loss, of every recorded run', () => {
    for (const state of states) expect(runStateSchema.parse(state)).toEqual(state);
  });
});
