import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Runbook, Step } from '../runbook/model.ts';
import { agenda } from './agenda.ts';
import type { Command } from './commands.ts';
import type { EventBody } from './events.ts';
import {
  acted,
  askAction,
  createdOf,
  ended,
  eventsOf,
  phaseOf,
  runbookOf,
  shellAction,
  started,
  stepOf,
  tasksOf,
} from './fixture.ts';
import { fold, reduce } from './reduce.ts';
import type { RunState } from './state.ts';
import { Model } from './test/model.ts';

/** `MUSTER_SEQUENCES=100000 npm test -- unit run/model` tries so many. */
const RUNS = Number(process.env.MUSTER_SEQUENCES ?? 1_500);
/** In ms; a busy machine needs a few for each. */
const PATIENCE_MS = 30_000 + RUNS * 10;

const ids = ['s0', 's1', 's2', 's3', 's4', 's5'];
const stepId = fc.constantFrom(...ids, 'nowhere');
const risk = fc.constantFrom('safe', 'disruptive', 'destructive' as const);
const condition = fc.constantFrom(null, null, null, 's0 == "left"', 'A > 1', 'not FORCE', '((');
const reason = fc.constantFrom('because', ' ');

const stepChange: fc.Arbitrary<Partial<Step>> = fc.record({
  action: fc.constantFrom(
    null,
    askAction({
      choices: [
        { value: 'left', label: 'Left' },
        { value: 'right', label: 'Right' },
      ],
    }),
    shellAction(),
    shellAction(),
    shellAction({ reviewed: false }),
    shellAction({ interactive: true }),
  ),
  tasks: fc.constantFrom([], [], tasksOf('x'), tasksOf('x', 'y')),
  risk,
  retries: fc.nat(2),
  continueOnError: fc.boolean(),
  condition,
  proves: fc.constantFrom([], ['Database']),
  needs: fc.constantFrom([], [], [], ['s0'], ['s1'], ['s0', 's2']),
  undo: fc.constantFrom(
    null,
    null,
    { how: 'step', step: 's0' } as const,
    { how: 'commands', code: 'true' } as const,
  ),
  until: fc.constantFrom(null, null, { condition: 'A > 1', intervalMs: 1, deadlineMs: 100_000 }),
  each: fc.constantFrom(
    null,
    null,
    null,
    { name: 'ITEM', of: { from: 'items', items: ['x', 'y', 'z'] }, limit: 2 } as const,
    { name: 'ITEM', of: { from: 'items', items: [] }, limit: 1 } as const,
    { name: 'ITEM', of: { from: 'value', value: 'A' }, limit: 1 } as const,
  ),
}) as fc.Arbitrary<Partial<Step>>;

/** A step that calls another runbook. */
const calling: Partial<Step> = {
  action: {
    kind: 'call',
    language: 'runbook',
    code: '',
    file: 'other.md',
    inputs: {},
    captures: [],
    line: 1,
    range: { start: 1, end: 1 },
    reviewed: true,
  },
  tasks: [],
  until: null,
  retries: 0,
  undo: null,
};

const runbooks: fc.Arbitrary<Runbook> = fc
  .record({
    steps: fc.array(stepChange, { maxLength: ids.length }),
    cut: fc.nat(ids.length),
    conditions: fc.tuple(condition, condition),
    parallel: fc.tuple(fc.constantFrom(1, 1, 2, 50), fc.constantFrom(1, 3)),
    call: fc.constantFrom(null, null, 0, 1, 3),
    undoOnly: fc.constantFrom(null, null, 0),
  })
  .map(({ steps, cut, conditions, parallel, call, undoOnly }) => {
    const all = steps.map((change, index) =>
      stepOf(ids[index] ?? 'none', {
        ...change,
        ...(index === call ? calling : {}),
        undoOnly: index === undoOnly,
      }),
    );
    const inside = phaseOf('Inside', [
      stepOf(`s${call}/in`, { undo: { how: 'commands', code: 'true' } }),
      stepOf(`s${call}/out`, { needs: ['in'] }),
    ]);
    const called = { title: 'Other', path: 'other.md', sha256: '', inputs: [], phases: [inside] };
    return runbookOf(
      [
        { ...phaseOf('One', all.slice(0, cut), conditions[0]), parallel: parallel[0] },
        { ...phaseOf('Two', all.slice(cut), conditions[1]), parallel: parallel[1] },
      ],
      call === null || call >= all.length ? {} : { called: { [`s${call}`]: called } },
    );
  });

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constantFrom('start', 'cancel', 'confirm'), step: stepId }),
  fc.record({
    kind: fc.constant('answer'),
    step: stepId,
    answer: fc.constantFrom('left', 'right', 'up', 2),
  }),
  fc.record({ kind: fc.constant('tick'), step: stepId, task: fc.nat(2), done: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('skip', 'fail'), step: stepId, reason }),
  fc.record({
    kind: fc.constant('resolve'),
    step: stepId,
    as: fc.constantFrom('succeeded', 'failed', 'retry'),
    reason,
  }),
  fc.record({ kind: fc.constant('note'), step: fc.option(stepId), text: fc.constant('seen') }),
  fc.record({ kind: fc.constant('pace'), auto: fc.boolean(), allow: risk }),
  fc.constant({ kind: 'declare' } as const),
  fc.record({ kind: fc.constantFrom('reopen', 'undo'), step: stepId, reason }),
  fc.record({ kind: fc.constant('pause'), reason }),
  fc.constant({ kind: 'resume', reason: null } as const),
  fc.record({ kind: fc.constant('abort'), reason, undo: fc.boolean() }),
) as fc.Arbitrary<Command>;

/** What happens next: the machine part comes to its end, somebody asks for something, or both wait. */
const happenings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: fc.constant('helpful' as const), pick: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('machine' as const),
        end: fc.constantFrom(
          'succeeded',
          'succeeded',
          'failed',
          'failed',
          'failed',
          'cancelled',
          'lost',
          'never-ran',
        ),
        capture: fc.constantFrom('1', '2', '["p","q"]'),
        pick: fc.nat(5),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('command' as const), command: commands }),
    },
  ),
  { maxLength: 40 },
);

describe('any run of any runbook', () => {
  it(
    'keeps order and conditions, always has a way on, and folds the same in pieces',
    () => {
      fc.assert(
        fc.property(runbooks, fc.boolean(), happenings, fc.nat(), (runbook, force, list, cut) => {
          const model = new Model(runbook, force);
          for (const happening of list) {
            if (happening.type === 'machine') {
              model.machine(happening.end, happening.capture, happening.pick);
            } else if (happening.type === 'command') model.obey(happening.command);
            else {
              const exits = model.exits();
              const exit = exits[happening.pick % exits.length];
              if (exit) model.obey(exit);
            }
            model.advance();
            if (model.state.ended === null) expect(model.exits()).not.toEqual([]);
            model.checkLimits();
          }
          const { events } = model;
          const at = cut % (events.length + 1);
          expect(fold(events)).toEqual(model.state);
          expect(fold(events.slice(at), fold(events.slice(0, at)))).toEqual(model.state);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  it('comes to its end when somebody always takes a way on', () => {
    fc.assert(
      fc.property(
        runbooks,
        fc.boolean(),
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (runbook, force, picks) => {
          const model = new Model(runbook, force);
          for (let turn = 0; turn < 400 && model.state.ended === null; turn++) {
            const exits = model.exits();
            const firm = ['resume', 'skip', 'resolve', 'cancel'].map((kind) =>
              exits.find((command) => command.kind === kind),
            );
            // Whoever only ever ticks, or cancels and starts again, never ends: at last, be firm.
            const chosen =
              turn < 100
                ? exits[(picks[turn % picks.length] ?? 0) % exits.length]
                : firm.find((command) => command !== undefined);
            if (chosen) model.obey(chosen);
            else model.machine('succeeded', '2');
            model.advance();
          }
          expect(model.state.ended).not.toBeNull();
        },
      ),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  });
});

describe('any events in any order', () => {
  const attempt = fc.integer({ min: 1, max: 3 });
  const bodies: fc.Arbitrary<EventBody> = fc.oneof(
    fc.tuple(stepId, attempt).map(([step, number]) => started(step, number)),
    fc.tuple(stepId, attempt).map(([step, number]) => acted(step, number)),
    fc
      .tuple(
        stepId,
        attempt,
        fc.constantFrom('succeeded', 'failed', 'cancelled', 'unknown', 'not-started' as const),
      )
      .map(([step, number, outcome]) => ended(step, number, outcome)),
    fc.tuple(stepId, attempt, fc.constantFrom('succeeded', 'failed', 'retry' as const)).map(
      ([step, number, as]): EventBody => ({
        kind: 'step.resolved',
        step,
        attempt: number,
        as,
        reason: 'r',
        by: 'ann',
        proves: [],
        recoveryPoint: null,
      }),
    ),
    stepId.map(
      (step): EventBody => ({
        kind: 'step.skipped',
        step,
        cause: 'person',
        reason: 'r',
        by: 'ann',
      }),
    ),
    fc
      .tuple(stepId, fc.nat(3))
      .map(
        ([step, task]): EventBody => ({ kind: 'task.ticked', step, task, done: true, by: 'ann' }),
      ),
    stepId.map((step): EventBody => ({ kind: 'step.reopened', step, reason: 'r', by: 'ann' })),
    stepId.map(
      (step): EventBody => ({
        kind: 'undo.begun',
        ends: false,
        reason: 'r',
        outline: [
          { id: `~${step}`, title: 'Back', phase: 'Undo', does: 'shell', risk: 'safe', tasks: 0 },
        ],
        by: 'ann',
      }),
    ),
    fc.tuple(stepId, attempt).map(
      ([step, number]): EventBody => ({
        kind: 'step.expanded',
        step,
        attempt: number,
        name: 'ITEM',
        items: ['x'],
        outline: [
          { id: `${step}[1]`, title: 'x', phase: 'P', does: 'shell', risk: 'safe', tasks: 0 },
        ],
        by: 'ann',
      }),
    ),
    fc.constant<EventBody>({ kind: 'run.paused', cause: 'person', reason: 'r', by: 'ann' }),
    fc.constant<EventBody>({ kind: 'run.resumed', reason: null, by: 'ann' }),
    fc.constant<EventBody>({ kind: 'run.ended', outcome: 'failed', reason: null, by: 'ann' }),
    fc.constant<EventBody>({ kind: 'note.added', step: 'nowhere', text: 'x', by: 'ann' }),
  );

  it('never make reduce throw, and every state has one decision', () => {
    fc.assert(
      fc.property(
        runbooks,
        fc.array(bodies, { maxLength: 40 }),
        fc.nat(40),
        (runbook, list, at) => {
          const events = eventsOf(list.toSpliced(at, 0, createdOf(runbook)));
          let state: RunState | null = null;
          for (const event of events) {
            state = reduce(state, event);
            if (state) expect(agenda(state, runbook).length).toBeGreaterThan(0);
          }
          expect(fold(events)).toEqual(state);
        },
      ),
      { numRuns: 500 },
    );
  });
});
