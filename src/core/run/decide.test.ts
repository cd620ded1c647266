import { describe, expect, it } from 'vitest';
import type { Runbook, Step } from '../runbook/model.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import type { EventBody, Value } from './events.ts';
import {
  acted,
  askAction,
  createdOf,
  ended,
  eventsOf,
  phaseOf,
  ran,
  runbookOf,
  shellAction,
  started,
  stepOf,
  tasksOf,
} from './fixture.ts';
import { fold } from './reduce.ts';
import { refuse } from './refuse.ts';
import type { RunState } from './state.ts';

const auto = (allow: 'safe' | 'disruptive' | 'destructive' = 'safe'): EventBody => ({
  kind: 'run.paced',
  auto: true,
  allow,
  by: 'ann',
});

function stateOf(
  runbook: Runbook,
  bodies: readonly EventBody[],
  inputs: Record<string, Value> = {},
): RunState {
  const state = fold(eventsOf([createdOf(runbook, { inputs }), ...bodies]));
  if (!state) throw new Error('no state');
  return state;
}

function one(change: Partial<Step>, ...bodies: EventBody[]) {
  const runbook = runbookOf([phaseOf('P', [stepOf('a', change), stepOf('b')])]);
  const state = stateOf(runbook, bodies);
  return {
    next: decide(state, runbook),
    refuse: (command: Command) => refuse(state, runbook, command)?.code ?? null,
    problem: (command: Command) => refuse(state, runbook, command),
  };
}

const act = (because: unknown, automatic = because === null || because === 'auto-retry') => ({
  kind: 'act',
  step: 'a',
  automatic,
  because: because === 'auto-retry' ? 'retry' : because,
  after: because === 'auto-retry' ? expect.any(Number) : null,
});

describe('the next action', () => {
  it('waits for a person in step mode', () => {
    expect(one({}).next).toEqual(act('step-mode'));
  });

  it('runs by itself in auto mode, up to the permitted risk', () => {
    expect(one({}, auto()).next).toEqual(act(null));
    expect(one({ risk: 'disruptive' }, auto()).next).toEqual(act('risk'));
    expect(one({ risk: 'disruptive' }, auto('disruptive')).next).toEqual(act(null));
    expect(one({ risk: 'destructive' }, auto('disruptive')).next).toEqual(act('risk'));
    expect(one({ risk: 'safe' }, auto('destructive')).next).toEqual(act(null));
  });

  it('never runs by itself when it is unreviewed or interactive', () => {
    const unreviewed = shellAction({ reviewed: false });
    expect(one({ action: unreviewed }, auto('destructive')).next).toEqual(act('unreviewed'));
    const interactive = shellAction({ interactive: true });
    expect(one({ action: interactive }, auto('destructive')).next).toEqual(act('interactive'));
  });

  it('never runs by itself when the runbook is another one', () => {
    const runbook = runbookOf([phaseOf('P', [stepOf('a')])]);
    const other = runbookOf([phaseOf('P', [stepOf('z')])]);
    expect(decide(stateOf(runbook, [auto('destructive')]), other)).toEqual(act('unreviewed'));
  });

  it('follows document order', () => {
    expect(one({}, ...ran('a', 1, 'succeeded')).next).toMatchObject({ kind: 'act', step: 'b' });
    expect(one({}, started('a')).next).toEqual({ kind: 'running', step: 'a' });
    expect(one({}, ...ran('a', 1, 'failed')).next).toEqual({ kind: 'failed', step: 'a' });
    expect(one({}, ...ran('a', 1, 'cancelled')).next).toEqual({ kind: 'failed', step: 'a' });
    expect(one({}, started('a'), ended('a', 1, 'unknown')).next).toEqual({
      kind: 'unknown',
      step: 'a',
    });
  });

  it('begins what a person does, and then waits for items, answer or confirmation', () => {
    const hand = { action: null, tasks: tasksOf('x') };
    expect(one(hand).next).toEqual({ kind: 'begin', step: 'a' });
    expect(one(hand, started('a')).next).toEqual({ kind: 'person', step: 'a', needs: 'tasks' });
    const tick: EventBody = { kind: 'task.ticked', step: 'a', task: 0, done: true, by: 'ann' };
    expect(one(hand, started('a'), tick).next).toEqual({
      kind: 'person',
      step: 'a',
      needs: 'confirm',
    });
    const ask = { action: askAction(), tasks: tasksOf('x') };
    expect(one(ask, started('a')).next).toMatchObject({ needs: 'tasks' });
    expect(one(ask, started('a'), tick).next).toMatchObject({ needs: 'answer' });
    const shell = { tasks: tasksOf('x') };
    expect(one(shell, started('a'), acted('a')).next).toMatchObject({
      kind: 'person',
      needs: 'tasks',
    });
  });

  it('goes on past a failure only with continue-on-error, and then the run has failed', () => {
    const goOn = { continueOnError: true };
    expect(one(goOn, ...ran('a', 1, 'failed')).next).toMatchObject({ kind: 'act', step: 'b' });
    expect(one(goOn, ...ran('a', 1, 'cancelled')).next).toEqual({ kind: 'failed', step: 'a' });
    const end = one(goOn, ...ran('a', 1, 'failed'), ...ran('b', 1, 'succeeded')).next;
    expect(end).toEqual({ kind: 'finish', outcome: 'failed' });
  });

  it('finishes when every step has its end; a skip is no failure', () => {
    const skip: EventBody = {
      kind: 'step.skipped',
      step: 'a',
      cause: 'person',
      reason: 'r',
      by: 'ann',
    };
    expect(one({}, skip, ...ran('b', 1, 'succeeded')).next).toEqual({
      kind: 'finish',
      outcome: 'succeeded',
    });
    expect(
      one({}, { kind: 'run.ended', outcome: 'aborted', reason: null, by: 'ann' }).next,
    ).toEqual({ kind: 'ended', because: 'ended' });
    expect(decide(stateOf(runbookOf([]), []), runbookOf([]))).toEqual({
      kind: 'finish',
      outcome: 'succeeded',
    });
  });
});

describe('retries', () => {
  const twice = { retries: 2 };

  it('are automatic, in step mode too, until they are used up', () => {
    expect(one(twice, ...ran('a', 1, 'failed', 'ann')).next).toEqual(act('auto-retry'));
    expect(one(twice, ...ran('a', 1, 'failed', 'ann'), ...ran('a', 2, 'failed')).next).toEqual(
      act('auto-retry'),
    );
    const used = one(
      twice,
      ...ran('a', 1, 'failed', 'ann'),
      ...ran('a', 2, 'failed'),
      ...ran('a', 3, 'failed'),
    );
    expect(used.next).toEqual({ kind: 'failed', step: 'a' });
    expect(used.refuse({ kind: 'start', step: 'a' })).toBeNull();
  });

  it('begin anew after a person took a hand', () => {
    const bodies = [
      ...ran('a', 1, 'failed'),
      ...ran('a', 2, 'failed'),
      ...ran('a', 3, 'failed'),
      ...ran('a', 4, 'failed', 'ann'),
    ];
    expect(one(twice, ...bodies).next).toEqual(act('auto-retry'));
  });

  it('count a timeout', () => {
    const bodies = [started('a'), acted('a', 1, { outcome: 'timed-out' }), ended('a', 1, 'failed')];
    expect(one(twice, ...bodies).next).toEqual(act('auto-retry'));
  });

  it('do not follow a cancellation, an unknown end or the word of a person', () => {
    expect(one(twice, ...ran('a', 1, 'cancelled')).next.kind).toBe('failed');
    const resolved: EventBody = {
      kind: 'step.resolved',
      step: 'a',
      attempt: 1,
      as: 'failed',
      reason: 'r',
      by: 'ann',
      proves: [],
      recoveryPoint: null,
    };
    expect(one(twice, started('a'), ended('a', 1, 'unknown'), resolved).next.kind).toBe('failed');
    const checks = { ...twice, tasks: tasksOf('x') };
    const doubted = [started('a'), acted('a'), ended('a', 1, 'failed', { by: 'ann' })];
    expect(one(checks, ...doubted).next.kind).toBe('failed');
  });

  it('never run an unreviewed or interactive action', () => {
    for (const action of [shellAction({ reviewed: false }), shellAction({ interactive: true })]) {
      expect(one({ ...twice, action }, ...ran('a', 1, 'failed', 'ann')).next.kind).toBe('failed');
    }
  });

  it('survive an attempt that did not start', () => {
    const bodies = [...ran('a', 1, 'failed', 'ann'), started('a', 2), ended('a', 2, 'not-started')];
    expect(one(twice, ...bodies).next).toEqual(act('auto-retry'));
    expect(one({}, ...bodies, auto()).next).toEqual(act('retry', false));
    expect(one({}, auto(), started('a'), ended('a', 1, 'not-started')).next).toEqual(act(null));
  });

  it('that a person chose for an unknown end follow the pace', () => {
    const retry: EventBody = {
      kind: 'step.resolved',
      step: 'a',
      attempt: 1,
      as: 'retry',
      reason: 'r',
      by: 'ann',
      proves: [],
      recoveryPoint: null,
    };
    const bodies = [started('a'), ended('a', 1, 'unknown'), retry];
    expect(one({}, ...bodies).next).toEqual(act('step-mode'));
    expect(one({}, auto(), ...bodies).next).toEqual(act(null));
  });
});

describe('conditions', () => {
  const runbook = runbookOf([
    phaseOf('Ask', [stepOf('which-way', { action: askAction() }), stepOf('find')]),
    phaseOf('Left', [stepOf('l', { condition: 'SIZE > 10' })], 'which-way == "left"'),
  ]);
  const asked = (answer: string, size: string): EventBody[] => [
    started('which-way'),
    ended('which-way', 1, 'succeeded', { answer, by: 'ann' }),
    started('find'),
    acted('find', 1, { captures: { SIZE: size } }),
    ended('find', 1, 'succeeded'),
  ];

  it('are asked of answers, captures and inputs, of the phase and of the step', () => {
    expect(decide(stateOf(runbook, asked('left', '12')), runbook)).toMatchObject({
      kind: 'act',
      step: 'l',
    });
    expect(decide(stateOf(runbook, asked('right', '12')), runbook)).toEqual({
      kind: 'skip',
      step: 'l',
      cause: 'condition',
      reason: 'The condition of "Left" does not hold: which-way == "left"',
    });
    expect(decide(stateOf(runbook, asked('left', '9')), runbook)).toEqual({
      kind: 'skip',
      step: 'l',
      cause: 'condition',
      reason: 'Its condition does not hold: SIZE > 10',
    });
    const byInput = runbookOf([phaseOf('P', [stepOf('a', { condition: 'FORCE' })])]);
    expect(decide(stateOf(byInput, [], { FORCE: true }), byInput).kind).toBe('act');
    expect(decide(stateOf(byInput, [], { FORCE: false }), byInput).kind).toBe('skip');
    expect(decide(stateOf(byInput, []), byInput).kind).toBe('skip');
  });

  it('that cannot be read do not hold', () => {
    const broken = runbookOf([phaseOf('P', [stepOf('a', { condition: '((' })])]);
    expect(decide(stateOf(broken, [auto()]), broken).kind).toBe('skip');
  });
});

describe('refusals', () => {
  const r = 'because';

  it('take notes always, and nothing else after the end', () => {
    const over = one({}, { kind: 'run.ended', outcome: 'succeeded', reason: null, by: 'ann' });
    expect(over.refuse({ kind: 'note', step: null, text: 'x' })).toBeNull();
    for (const command of [
      { kind: 'start', step: 'a' },
      { kind: 'declare' },
      { kind: 'abort', reason: r, undo: false },
      { kind: 'pace', auto: true, allow: 'safe' },
    ] as Command[]) {
      expect(over.refuse(command)).toBe('run-ended');
    }
  });

  it('start only the step whose turn it is', () => {
    expect(one({}).refuse({ kind: 'start', step: 'a' })).toBeNull();
    expect(one({}).refuse({ kind: 'start', step: 'b' })).toBe('step-out-of-turn');
    expect(one({}).refuse({ kind: 'start', step: 'nowhere' })).toBe('no-such-step');
    expect(one({}, started('a')).refuse({ kind: 'start', step: 'a' })).toBe('step-running');
    expect(one({}, ...ran('a', 1, 'succeeded')).refuse({ kind: 'start', step: 'a' })).toBe(
      'step-out-of-turn',
    );
    expect(one({}, ...ran('a', 1, 'failed')).refuse({ kind: 'start', step: 'a' })).toBeNull();
    expect(one({}, ...ran('a', 1, 'cancelled')).refuse({ kind: 'start', step: 'a' })).toBeNull();
    const unknown = one({}, started('a'), ended('a', 1, 'unknown'));
    expect(unknown.refuse({ kind: 'start', step: 'a' })).toBe('step-unknown');
    expect(one({ action: null }, started('a')).refuse({ kind: 'start', step: 'a' })).toBe(
      'step-waiting',
    );
  });

  it('cancel only what runs', () => {
    expect(one({}).refuse({ kind: 'cancel', step: 'a' })).toBe('step-not-running');
    expect(one({}, started('a')).refuse({ kind: 'cancel', step: 'a' })).toBeNull();
  });

  it('confirm, tick and fail only what waits', () => {
    const hand = { action: null, tasks: tasksOf('x') };
    expect(one(hand).refuse({ kind: 'confirm', step: 'a' })).toBe('step-not-waiting');
    expect(one(hand).refuse({ kind: 'fail', step: 'a', reason: r })).toBe('step-not-waiting');
    expect(one(hand).refuse({ kind: 'tick', step: 'a', task: 0, done: true })).toBe(
      'step-not-waiting',
    );
    const waiting = one(hand, started('a'));
    expect(waiting.problem({ kind: 'confirm', step: 'a' })).toEqual({
      code: 'items-open',
      what: 'One item of "Step a" is not ticked.',
      safe: 'What was ticked stays ticked.',
      next: 'Tick what is done, then confirm.',
    });
    expect(waiting.refuse({ kind: 'tick', step: 'a', task: 0, done: true })).toBeNull();
    expect(waiting.refuse({ kind: 'tick', step: 'a', task: 1, done: true })).toBe('no-such-item');
    expect(waiting.refuse({ kind: 'fail', step: 'a', reason: r })).toBeNull();
    expect(waiting.refuse({ kind: 'fail', step: 'a', reason: ' ' })).toBe('reason-missing');
    expect(one({ action: null }, started('a')).refuse({ kind: 'confirm', step: 'a' })).toBeNull();
    expect(one({ action: askAction() }, started('a')).refuse({ kind: 'confirm', step: 'a' })).toBe(
      'answer-missing',
    );
  });

  it('take an answer only as the question wants it', () => {
    const choices = [
      { value: 'left', label: 'Go left' },
      { value: '2', label: 'Two' },
    ];
    const answer = (change: Parameters<typeof askAction>[0], value: Value) =>
      one({ action: askAction(change) }, started('a')).refuse({
        kind: 'answer',
        step: 'a',
        answer: value,
      });
    expect(answer({ choices }, 'left')).toBeNull();
    expect(answer({ choices }, 2)).toBeNull();
    expect(answer({ choices }, 'Left')).toBe('answer-not-a-choice');
    expect(answer({}, 'anything at all')).toBeNull();
    expect(answer({}, ' ')).toBe('answer-empty');
    expect(answer({}, 'x'.repeat(4001))).toBe('answer-too-long');
    expect(answer({}, 'a\0b')).toBe('answer-not-text');
    expect(answer({ pattern: '^\\d{8}$' }, '20260105')).toBeNull();
    expect(answer({ pattern: '^\\d{8}$' }, 'today')).toBe('answer-does-not-match');
    expect(answer({ pattern: '(' }, 'today')).toBe('pattern-broken');
    expect(one({}, started('a')).refuse({ kind: 'answer', step: 'a', answer: 'x' })).toBe(
      'step-not-waiting',
    );
  });

  it('skip whatever has no end, also ahead of its turn, unless it runs or is unknown', () => {
    const skip = (step: string): Command => ({ kind: 'skip', step, reason: r });
    expect(one({}).refuse(skip('a'))).toBeNull();
    expect(one({}).refuse(skip('b'))).toBeNull();
    expect(one({}, ...ran('a', 1, 'succeeded')).refuse(skip('a'))).toBe('step-over');
    expect(one({}).refuse({ kind: 'skip', step: 'a', reason: '\t' })).toBe('reason-missing');
    expect(one({}, started('a')).refuse(skip('a'))).toBe('step-running');
    expect(one({}, ...ran('a', 1, 'failed')).refuse(skip('a'))).toBeNull();
    expect(one({}, started('a'), ended('a', 1, 'unknown')).refuse(skip('a'))).toBe('step-unknown');
    expect(one({ action: null }, started('a')).refuse(skip('a'))).toBeNull();
  });

  it('resolve only what is unknown, declare once, abort at any time', () => {
    const resolve: Command = { kind: 'resolve', step: 'a', as: 'retry', reason: r };
    expect(one({}).refuse(resolve)).toBe('step-not-unknown');
    expect(one({}, started('a'), ended('a', 1, 'unknown')).refuse(resolve)).toBeNull();
    expect(one({}).refuse({ kind: 'declare' })).toBeNull();
    const declared = one({}, { kind: 'run.declared', at: '2026-01-05T13:00:00.000Z', by: 'ann' });
    expect(declared.refuse({ kind: 'declare' })).toBe('declared-already');
    expect(one({}, started('a')).refuse({ kind: 'abort', reason: r, undo: false })).toBeNull();
  });
});
