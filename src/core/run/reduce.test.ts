import { describe, expect, it } from 'vitest';
import type { EventBody } from './events.ts';
import {
  acted,
  askAction,
  createdOf,
  ended,
  eventsOf,
  frozen,
  phaseOf,
  ran,
  runbookOf,
  started,
  stepOf,
  tasksOf,
  timeOf,
} from './fixture.ts';
import { fold, reduce } from './reduce.ts';
import type { RunState, StepState } from './state.ts';

const runbook = runbookOf([
  phaseOf('Check', [
    stepOf('look', { action: null, tasks: tasksOf('one', 'two') }),
    stepOf('which', { action: askAction() }),
  ]),
  phaseOf('Restore', [stepOf('load'), stepOf('verify', { tasks: tasksOf('rows match') })]),
]);

function stateAfter(...bodies: EventBody[]): RunState {
  const state = fold(eventsOf([createdOf(runbook), ...bodies]));
  if (!state) throw new Error('no state');
  return state;
}

function step(state: RunState, id: string): StepState {
  const found = state.steps.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
}

describe('the beginning', () => {
  it('is null before run.created', () => {
    expect(fold([])).toBeNull();
    expect(
      fold(eventsOf([{ kind: 'run.driven', by: 'ann', surface: 'app', session: 's' }])),
    ).toBeNull();
    expect(reduce(null, eventsOf([started('load')])[0] as never)).toBeNull();
  });

  it('takes outline, mode and times from run.created', () => {
    const state = stateAfter();
    expect(state).toMatchObject({
      id: 'run-1',
      mode: 'drill',
      auto: false,
      allow: 'safe',
      lastSeq: 1,
    });
    expect(state.createdAt).toBe(timeOf(1));
    expect(
      state.steps.map(({ id, does, phase, ticks }) => [id, does, phase, ticks.length]),
    ).toEqual([
      ['look', 'hand', 'Check', 2],
      ['which', 'ask', 'Check', 0],
      ['load', 'shell', 'Restore', 0],
      ['verify', 'shell', 'Restore', 1],
    ]);
  });

  it('keeps the first of two run.created', () => {
    const state = stateAfter(createdOf(runbook, { title: 'Another' }));
    expect(state.created.title).toBe('Restore orders');
    expect(state.lastSeq).toBe(2);
  });
});

describe('steps', () => {
  it('run when a machine does them and wait when a person does', () => {
    expect(step(stateAfter(started('load')), 'load').status).toBe('running');
    expect(step(stateAfter(started('look')), 'look').status).toBe('waiting');
    expect(step(stateAfter(started('which')), 'which').status).toBe('waiting');
  });

  it('wait for their task items after the action', () => {
    expect(step(stateAfter(started('verify'), acted('verify')), 'verify').status).toBe('waiting');
    expect(step(stateAfter(started('load'), acted('load')), 'load').status).toBe('running');
    const failed = stateAfter(started('verify'), acted('verify', 1, { outcome: 'failed' }));
    expect(step(failed, 'verify').status).toBe('running');
  });

  it.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
    ['unknown', 'unknown'],
    ['not-started', 'pending'],
  ] as const)('that end %s are %s', (outcome, status) => {
    const { status: found, attempts } = step(
      stateAfter(started('load'), ended('load', 1, outcome)),
      'load',
    );
    expect(found).toBe(status);
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ outcome, startedAt: timeOf(2), endedAt: timeOf(3) });
  });

  it('keep every attempt', () => {
    const state = stateAfter(
      ...ran('load', 1, 'failed'),
      ...ran('load', 2, 'cancelled'),
      ...ran('load', 3, 'succeeded'),
    );
    const outcomes = step(state, 'load').attempts.map(({ number, outcome }) => [number, outcome]);
    expect(outcomes).toEqual([
      [1, 'failed'],
      [2, 'cancelled'],
      [3, 'succeeded'],
    ]);
    expect(step(state, 'load').status).toBe('succeeded');
  });

  it.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['retry', 'pending'],
  ] as const)('that were unknown and resolved as %s are %s', (as, status) => {
    const resolve: EventBody = {
      kind: 'step.resolved',
      step: 'load',
      attempt: 1,
      as,
      reason: 'looked',
      by: 'ann',
      proves: ['Database'],
      recoveryPoint: null,
    };
    const state = stateAfter(started('load'), ended('load', 1, 'unknown'), resolve);
    expect(step(state, 'load').status).toBe(status);
    expect(step(state, 'load').attempts[0]?.resolved).toEqual({
      as,
      reason: 'looked',
      by: 'ann',
      at: timeOf(4),
    });
    expect(Object.keys(state.proofs)).toEqual(as === 'succeeded' ? ['Database'] : []);
    expect(step(stateAfter(started('load'), resolve), 'load').status).toBe('running');
  });

  it('can be skipped unless they run, are done or unknown', () => {
    const skip: EventBody = {
      kind: 'step.skipped',
      step: 'load',
      cause: 'person',
      reason: 'no need',
      by: 'ann',
    };
    expect(step(stateAfter(skip), 'load')).toMatchObject({
      status: 'skipped',
      skipped: { cause: 'person', reason: 'no need', by: 'ann', at: timeOf(2) },
    });
    expect(step(stateAfter(started('load'), skip), 'load').status).toBe('running');
    expect(step(stateAfter(...ran('load', 1, 'succeeded'), skip), 'load').status).toBe('succeeded');
    expect(
      step(stateAfter(started('load'), ended('load', 1, 'unknown'), skip), 'load').status,
    ).toBe('unknown');
    expect(step(stateAfter(...ran('load', 1, 'failed'), skip), 'load').status).toBe('skipped');
    const waiting = step(stateAfter(started('look'), { ...skip, step: 'look' }), 'look');
    expect(waiting.attempts[0]).toMatchObject({
      endedAt: timeOf(3),
      endedBy: 'ann',
      outcome: null,
    });
  });

  it('take ticks while they wait, and forget them with a new attempt', () => {
    const tick = (task: number, done = true): EventBody => ({
      kind: 'task.ticked',
      step: 'look',
      task,
      done,
      by: 'bob',
    });
    expect(step(stateAfter(tick(0)), 'look').ticks).toEqual([null, null]);
    expect(step(stateAfter(started('look'), tick(1), tick(7)), 'look').ticks).toEqual([
      null,
      { by: 'bob', at: timeOf(3) },
    ]);
    expect(step(stateAfter(started('look'), tick(1), tick(1, false)), 'look').ticks).toEqual([
      null,
      null,
    ]);
    const again = stateAfter(
      started('look'),
      tick(0),
      ended('look', 1, 'failed'),
      started('look', 2),
    );
    expect(step(again, 'look').ticks).toEqual([null, null]);
  });

  it('keep their answer', () => {
    const state = stateAfter(
      started('which'),
      ended('which', 1, 'succeeded', { answer: 'left', by: 'ann' }),
    );
    expect(step(state, 'which').answer).toBe('left');
  });

  it.each<[string, EventBody[]]>([
    ['an unknown step', [started('nowhere')]],
    ['an attempt out of number', [started('load', 2)]],
    ['an end without a beginning', [ended('load', 1, 'succeeded')]],
    ['a result without a beginning', [acted('load')]],
    [
      'a tick of an unknown step',
      [{ kind: 'task.ticked', step: 'x', task: 0, done: true, by: 'a' }],
    ],
    [
      'a skip of an unknown step',
      [{ kind: 'step.skipped', step: 'x', cause: 'person', reason: 'r', by: 'a' }],
    ],
  ])('are not moved by %s', (_, bodies) => {
    const { lastSeq: _seq, lastHash: _hash, lastTime: _time, ...before } = stateAfter();
    const { lastSeq, lastHash, lastTime, ...now } = stateAfter(...bodies);
    expect(now).toEqual(before);
    expect([lastSeq, lastHash, lastTime]).toEqual([2, 'hash-2', timeOf(2)]);
  });

  it('do not start while they run, and do not end twice', () => {
    expect(step(stateAfter(started('load'), started('load', 2)), 'load').attempts).toHaveLength(1);
    const twice = stateAfter(...ran('load', 1, 'failed'), ended('load', 1, 'succeeded'));
    expect(step(twice, 'load').status).toBe('failed');
    expect(
      step(stateAfter(...ran('load', 1, 'succeeded'), started('load', 2)), 'load').attempts,
    ).toHaveLength(1);
  });
});

describe('what a success leaves', () => {
  it('are its captures, the latest wins', () => {
    const state = stateAfter(
      started('load'),
      acted('load', 1, { captures: { A: '1', B: '1' } }),
      ended('load', 1, 'succeeded'),
      started('verify'),
      acted('verify', 1, { captures: { B: '2' } }),
      ended('verify', 1, 'succeeded'),
    );
    expect(state.captures).toEqual({ A: '1', B: '2' });
  });

  it('is nothing when it failed', () => {
    const state = stateAfter(
      started('load'),
      acted('load', 1, { captures: { A: '1' } }),
      ended('load', 1, 'failed', { proves: ['Database'] }),
    );
    expect(state.captures).toEqual({});
    expect(state.proofs).toEqual({});
  });

  it('is the first proof of a component, and the latest recovery point', () => {
    const success = (id: string, point: string): EventBody[] => [
      started(id),
      ended(id, 1, 'succeeded', { proves: ['Database', 'constructor'], recoveryPoint: point }),
    ];
    const state = stateAfter(
      ...success('load', '2026-01-05T12:00:00.000Z'),
      ...success('verify', '2026-01-05T11:00:00.000Z'),
    );
    expect(state.proofs).toEqual({
      Database: { at: timeOf(3), step: 'load', shiftMs: 0 },
      constructor: { at: timeOf(3), step: 'load', shiftMs: 0 },
    });
    expect(state.recoveryPoint).toEqual({ at: '2026-01-05T11:00:00.000Z', step: 'verify' });
  });

  it('is a new proof when the earlier one lies before the declaration', () => {
    const proof = (id: string): EventBody[] => [
      started(id),
      ended(id, 1, 'succeeded', { proves: ['Database'] }),
    ];
    const declared: EventBody = { kind: 'run.declared', at: timeOf(4), by: 'ann' };
    expect(stateAfter(...proof('load'), declared, ...proof('verify')).proofs.Database?.step).toBe(
      'verify',
    );
    const byPhone: EventBody = { kind: 'run.declared', at: timeOf(2), by: 'ann' };
    expect(stateAfter(...proof('load'), byPhone, ...proof('verify')).proofs.Database?.step).toBe(
      'load',
    );
  });
});

describe('the run', () => {
  it('is declared once', () => {
    const declared = (at: string): EventBody => ({ kind: 'run.declared', at, by: 'ann' });
    expect(stateAfter(declared(timeOf(1)), declared(timeOf(9))).declaredAt).toBe(timeOf(1));
  });

  it('takes nothing but notes after its end', () => {
    const state = stateAfter(
      { kind: 'run.ended', outcome: 'aborted', reason: 'wrong cluster', by: 'ann' },
      started('load'),
      { kind: 'run.declared', at: timeOf(1), by: 'ann' },
      { kind: 'run.ended', outcome: 'succeeded', reason: null, by: 'bob' },
      { kind: 'note.added', step: 'load', text: 'seen later', by: 'bob' },
    );
    expect(state.ended).toEqual({
      at: timeOf(2),
      outcome: 'aborted',
      reason: 'wrong cluster',
      by: 'ann',
      remains: [],
    });
    expect(state.declaredAt).toBeNull();
    expect(step(state, 'load').status).toBe('pending');
    expect(state.notes).toEqual([{ step: 'load', text: 'seen later', by: 'bob', at: timeOf(6) }]);
    expect(state.lastSeq).toBe(6);
  });

  it('remembers its sessions and its pace', () => {
    const state = stateAfter(
      { kind: 'run.driven', by: 'ann', surface: 'cli', session: 's' },
      { kind: 'run.paced', auto: true, allow: 'disruptive', by: 'ann' },
    );
    expect(state.sessions).toEqual([{ at: timeOf(2), by: 'ann', surface: 'cli' }]);
    expect(state).toMatchObject({ auto: true, allow: 'disruptive' });
  });
});

describe('folding', () => {
  it('ignores what was folded already and what belongs to another run', () => {
    const events = eventsOf([createdOf(runbook), ...ran('load', 1, 'succeeded')]);
    const state = fold(events);
    expect(fold(events, state)).toBe(state);
    const [foreign] = eventsOf([started('verify')], 99);
    if (!state || !foreign) throw new Error('no state');
    expect(reduce(state, { ...foreign, run: 'run-2' })).toBe(state);
  });

  it('never changes an earlier state and shares what it did not touch', () => {
    const before = frozen(stateAfter(...ran('look', 1, 'failed')));
    const [event] = eventsOf([started('load')], before.lastSeq + 1);
    if (!event) throw new Error('no event');
    const now = reduce(before, event);
    expect(now.steps[2]?.status).toBe('running');
    expect(before.steps[2]?.status).toBe('pending');
    expect(now.steps[0]).toBe(before.steps[0]);
    expect(now.notes).toBe(before.notes);
  });

  it('takes 100,000 events of a run of 1,000 steps', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `s${index}`);
    const long = runbookOf([
      phaseOf(
        'All',
        ids.map((id) => stepOf(id)),
      ),
    ]);
    const bodies = Array.from({ length: 33 }, (_, round) =>
      ids.flatMap((id) => ran(id, round + 1, round === 32 ? 'succeeded' : 'failed')),
    ).flat();
    const events = eventsOf([createdOf(long), ...bodies]);
    const whole = fold(events);
    expect(
      whole?.steps.every(
        ({ status, attempts }) => status === 'succeeded' && attempts.length === 33,
      ),
    ).toBe(true);
    let one: RunState | null = null;
    for (const event of events) one = reduce(one, event);
    expect(one).toEqual(whole);
  });
});

describe('pauses', () => {
  const paused = (reason: string): EventBody => ({
    kind: 'run.paused',
    cause: 'person',
    reason,
    by: 'ann',
  });

  it('last until somebody resumes, or something is taken back', () => {
    const state = stateAfter(
      paused('lunch'),
      { kind: 'run.resumed', reason: null, by: 'bo' },
      paused('call'),
      { kind: 'undo.begun', ends: false, reason: 'r', outline: [], by: 'ann' },
      paused('end'),
    );
    expect(state.pauses).toEqual([
      { from: timeOf(2), to: timeOf(3), reason: 'lunch', by: 'ann' },
      { from: timeOf(4), to: timeOf(5), reason: 'call', by: 'ann' },
      { from: timeOf(6), to: null, reason: 'end', by: 'ann' },
    ]);
  });
});
