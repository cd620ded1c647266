import { describe, expect, it } from 'vitest';
import type { EventBody } from './events.ts';
import { createdOf, ended, eventsOf, phaseOf, ran, runbookOf, started, stepOf } from './fixture.ts';
import { type Measure, measure, overallVerdict } from './objectives.ts';
import { fold } from './reduce.ts';
import type { RunState } from './state.ts';
import { runSummaryCoreSchema, summarise } from './summary.ts';

const minute = 60_000;
const at = (clock: string): string => `2026-01-05T${clock}.000Z`;

/** A run that was declared and proven at these times; the events themselves begin at 13:00:01. */
function stateOf(times: {
  declared?: string;
  proven?: string;
  point?: string;
  rtoMs?: number | null;
  rpoMs?: number | null;
  /** The clock of the machine was set by so much after the declaration. */
  jumpedMs?: number;
}): RunState {
  const { rtoMs = 30 * minute, rpoMs = 60 * minute } = times;
  const runbook = runbookOf([phaseOf('P', [stepOf('a'), stepOf('b')])], {
    objectives: [{ component: 'Database', rtoMs, rpoMs, line: 1 }],
  });
  const bodies: EventBody[] = [createdOf(runbook), started('a')];
  if (times.declared) bodies.push({ kind: 'run.declared', at: times.declared, by: 'ann' });
  if (times.jumpedMs) bodies.push({ kind: 'clock.jumped', ms: times.jumpedMs });
  bodies.push(
    ended('a', 1, 'succeeded', {
      proves: times.proven ? ['Database'] : [],
      recoveryPoint: times.point ?? null,
    }),
  );
  const events = eventsOf(bodies);
  const last = events.at(-1);
  if (last && times.proven) events[events.length - 1] = { ...last, time: times.proven };
  const state = fold(events);
  if (!state) throw new Error('no state');
  return state;
}

function only(state: RunState): Measure {
  const [found] = measure(state);
  if (!found) throw new Error('no measure');
  return found;
}

describe('measure', () => {
  it('counts real time where the clock of the machine was set meanwhile', () => {
    const forward = { declared: at('13:00:00'), proven: at('14:10:00'), jumpedMs: 60 * minute };
    expect(only(stateOf(forward)).rtoMs).toBe(10 * minute);
    const back = { declared: at('13:00:00'), proven: at('12:10:00'), jumpedMs: -60 * minute };
    expect(only(stateOf(back)).rtoMs).toBe(10 * minute);
  });

  it('measures RTO from declared to proof and RPO from recovery point to declared', () => {
    const state = stateOf({
      declared: at('13:00:00'),
      proven: at('13:12:00'),
      point: at('12:20:00'),
    });
    expect(measure(state)).toEqual([
      {
        component: 'Database',
        rtoPromisedMs: 30 * minute,
        rtoMs: 12 * minute,
        rpoPromisedMs: 60 * minute,
        rpoMs: 40 * minute,
        verdict: 'met',
      },
    ]);
  });

  it('calls a promise that is just kept met, and one ms more missed', () => {
    const times = { declared: at('13:00:00'), proven: at('13:30:00'), point: at('12:00:00') };
    expect(only(stateOf(times)).verdict).toBe('met');
    expect(only(stateOf({ ...times, rtoMs: 30 * minute - 1 })).verdict).toBe('missed');
    expect(only(stateOf({ ...times, rpoMs: 60 * minute - 1 })).verdict).toBe('missed');
  });

  it('has null where an end is missing, and is unproven without a proof', () => {
    const noProof = only(stateOf({ declared: at('13:00:00'), point: at('12:20:00') }));
    expect(noProof).toMatchObject({ rtoMs: null, rpoMs: 40 * minute, verdict: 'unproven' });
    const undeclared = only(stateOf({ proven: at('13:12:00'), point: at('12:20:00') }));
    expect(undeclared).toMatchObject({ rtoMs: null, rpoMs: null, verdict: 'unproven' });
    const noPoint = { declared: at('13:00:00'), proven: at('13:12:00') };
    expect(only(stateOf(noPoint))).toMatchObject({
      rtoMs: 12 * minute,
      rpoMs: null,
      verdict: 'unproven',
    });
    expect(only(stateOf({ ...noPoint, rpoMs: null })).verdict).toBe('met');
    expect(only(stateOf({ ...noPoint, rtoMs: minute })).verdict).toBe('missed');
  });

  it('takes a proof from before the declaration for none', () => {
    const early = only(
      stateOf({ declared: at('13:20:00'), proven: at('13:12:00'), point: at('12:50:00') }),
    );
    expect(early).toMatchObject({ rtoMs: null, rpoMs: 30 * minute, verdict: 'unproven' });
  });

  it('shows data that is newer than the declaration as a negative loss, which keeps the promise', () => {
    const newer = only(
      stateOf({ declared: at('13:00:00'), proven: at('13:12:00'), point: at('13:05:00') }),
    );
    expect(newer).toMatchObject({ rpoMs: -5 * minute, verdict: 'met' });
  });

  it('does not believe a recovery point from after the proof', () => {
    const future = only(
      stateOf({ declared: at('13:00:00'), proven: at('13:12:00'), point: at('13:13:00') }),
    );
    expect(future).toMatchObject({ rpoMs: null, verdict: 'unproven' });
  });

  it('adds components that were proven without a promise', () => {
    const runbook = runbookOf([phaseOf('P', [stepOf('a')])]);
    const declared: EventBody = { kind: 'run.declared', at: at('13:00:00'), by: 'ann' };
    const proof = ended('a', 1, 'succeeded', { proves: ['Cache'] });
    const state = fold(eventsOf([createdOf(runbook), declared, started('a'), proof]));
    if (!state) throw new Error('no state');
    expect(measure(state)).toMatchObject([
      { component: 'Cache', rtoPromisedMs: null, rtoMs: 4000, verdict: 'met' },
    ]);
  });
});

describe('overallVerdict', () => {
  it('is the worst there is', () => {
    const of = (...verdicts: Measure['verdict'][]) =>
      overallVerdict(verdicts.map((verdict) => ({ ...only(stateOf({})), verdict })));
    expect(of()).toBeNull();
    expect(of('met', 'met')).toBe('met');
    expect(of('met', 'unproven')).toBe('unproven');
    expect(of('unproven', 'missed', 'met')).toBe('missed');
  });
});

describe('summarise', () => {
  it('counts what is done and carries the measures', () => {
    const runbook = runbookOf([
      phaseOf(
        'P',
        ['a', 'b', 'c', 'd'].map((id) => stepOf(id)),
      ),
    ]);
    const skip: EventBody = {
      kind: 'step.skipped',
      step: 'b',
      cause: 'person',
      reason: 'r',
      by: 'ann',
    };
    const bodies = [
      createdOf(runbook),
      ...ran('a', 1, 'succeeded'),
      skip,
      ...ran('c', 1, 'failed'),
    ];
    const state = fold(eventsOf(bodies));
    if (!state) throw new Error('no state');
    const summary = summarise(state);
    expect(runSummaryCoreSchema.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({
      stepsDone: 2,
      stepsTotal: 4,
      outcome: null,
      endedAt: null,
      operator: 'ann',
    });
  });
});
