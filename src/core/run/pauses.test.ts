import { describe, expect, it } from 'vitest';
import type { EventBody } from './events.ts';
import { eventsOf, timeOf } from './fixture.ts';
import { pausesOf } from './pauses.ts';

const paused = (reason: string): EventBody => ({
  kind: 'run.paused',
  cause: 'person',
  reason,
  by: 'ann',
});
const resumed: EventBody = { kind: 'run.resumed', reason: null, by: 'bo' };

describe('pauses', () => {
  it('last until somebody resumes, or something is taken back', () => {
    const undo: EventBody = {
      kind: 'undo.begun',
      ends: false,
      reason: 'r',
      outline: [],
      by: 'ann',
    };
    const found = pausesOf(
      eventsOf([paused('lunch'), resumed, paused('call'), undo, paused('end')]),
    );
    expect(found).toEqual([
      { from: timeOf(1), to: timeOf(2), reason: 'lunch', by: 'ann' },
      { from: timeOf(3), to: timeOf(4), reason: 'call', by: 'ann' },
      { from: timeOf(5), to: null, reason: 'end', by: 'ann' },
    ]);
  });
});
