import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, parseExpression } from '../runbook/expression.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { Command } from './commands.ts';
import { type Decision, decide, refuse } from './decide.ts';
import type { EventBody, RunEvent } from './events.ts';
import {
  acted,
  askAction,
  createdOf,
  ended,
  eventsOf,
  frozen,
  phaseOf,
  runbookOf,
  shellAction,
  started,
  stepOf,
  tasksOf,
} from './fixture.ts';
import { fold, reduce } from './reduce.ts';
import type { RunState, StepState } from './state.ts';
import { valuesOf } from './values.ts';

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
});

const runbooks: fc.Arbitrary<Runbook> = fc
  .record({
    steps: fc.array(stepChange, { maxLength: ids.length }),
    cut: fc.nat(ids.length),
    conditions: fc.tuple(condition, condition),
  })
  .map(({ steps, cut, conditions }) => {
    const all = steps.map((change, index) => stepOf(ids[index] ?? 'none', change));
    return runbookOf([
      phaseOf('One', all.slice(0, cut), conditions[0]),
      phaseOf('Two', all.slice(cut), conditions[1]),
    ]);
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
  fc.record({ kind: fc.constant('abort'), reason }),
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
        capture: fc.constantFrom('1', '2'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('command' as const), command: commands }),
    },
  ),
  { maxLength: 40 },
);

/** The engine as far as events go, with the promises checked at every step. */
class Model {
  readonly runbook: Runbook;
  readonly events: RunEvent[] = [];
  state: RunState;

  constructor(runbook: Runbook, force: boolean) {
    this.runbook = runbook;
    const events = eventsOf([createdOf(runbook, { inputs: { FORCE: force } })]);
    const state = fold(events);
    if (!state) throw new Error('no state');
    this.events.push(...events);
    this.state = frozen(state);
    this.advance();
  }

  append(...bodies: EventBody[]): void {
    for (const event of eventsOf(bodies, this.state.lastSeq + 1)) {
      this.events.push(event);
      this.state = frozen(reduce(this.state, event));
    }
  }

  step(id: string): StepState {
    const found = this.state.steps.find((step) => step.id === id);
    if (!found) throw new Error(`no step ${id}`);
    return found;
  }

  get running(): StepState | undefined {
    return this.state.steps.find(({ status }) => status === 'running');
  }

  begin(id: string, by: string): void {
    this.checkBegin(id, by);
    this.append(started(id, this.step(id).attempts.length + 1, by));
  }

  /** No step is begun out of order, against its condition, or by itself when it must not. */
  checkBegin(id: string, by: string): void {
    const index = this.state.steps.findIndex((step) => step.id === id);
    for (const step of this.state.steps.slice(0, index)) {
      const goesOn = step.status === 'failed' && this.spec(step.id).continueOnError;
      expect(goesOn || ['succeeded', 'skipped'].includes(step.status)).toBe(true);
    }
    const phase = this.runbook.phases.find(({ steps }) => steps.some((step) => step.id === id));
    const spec = this.spec(id);
    // A failed step is tried again because it was begun; only the first try asks the condition.
    if (this.step(id).status === 'pending') {
      for (const text of [phase?.condition ?? null, spec.condition]) {
        if (text === null) continue;
        const parsed = parseExpression(text);
        expect(parsed.ok && evaluate(parsed.expression, valuesOf(this.state))).toBe(true);
      }
    }
    if (by === 'ann' || spec.action?.kind !== 'shell') return;
    expect(spec.action.reviewed && !spec.action.interactive).toBe(true);
    const tries = this.step(id).attempts.filter(({ outcome }) => outcome !== 'not-started');
    if (tries.at(-1)?.outcome === 'failed') {
      // Tries since a person last started, cancelled or resolved one.
      const started = tries.findLastIndex((attempt) => attempt.by === 'ann');
      const stopped = tries.findLastIndex(({ outcome }) => outcome !== 'failed');
      const first = Math.max(started, stopped + 1, 0);
      expect(tries.length - first).toBeLessThanOrEqual(spec.retries);
    } else {
      const order = ['safe', 'disruptive', 'destructive'];
      expect(this.state.auto).toBe(true);
      expect(order.indexOf(spec.risk)).toBeLessThanOrEqual(order.indexOf(this.state.allow));
    }
  }

  spec(id: string): Step {
    const found = this.runbook.phases.flatMap(({ steps }) => steps).find((step) => step.id === id);
    if (!found) throw new Error(`no step ${id}`);
    return found;
  }

  /** As the engine does: everything that may happen without a person. */
  advance(): Decision {
    for (let turns = 0; turns < 100; turns++) {
      const next = decide(this.state, this.runbook);
      if (next.kind === 'skip') {
        this.append({
          kind: 'step.skipped',
          step: next.step,
          cause: 'condition',
          reason: next.reason,
          by: 'muster',
        });
      } else if (next.kind === 'begin' || (next.kind === 'act' && next.automatic)) {
        this.begin(next.step, 'muster');
      } else if (next.kind === 'finish') {
        this.append({ kind: 'run.ended', outcome: next.outcome, reason: null, by: 'muster' });
      } else {
        return next;
      }
    }
    throw new Error('advance does not come to rest');
  }

  machine(end: string, capture: string): void {
    const { running } = this;
    if (!running) return;
    const { id } = running;
    const attempt = running.attempts.length;
    if (end === 'lost' || end === 'never-ran') {
      this.append(ended(id, attempt, end === 'lost' ? 'unknown' : 'not-started'));
      return;
    }
    const outcome = end as 'succeeded' | 'failed' | 'cancelled';
    this.append(acted(id, attempt, { outcome, captures: { A: capture } }));
    if (outcome !== 'succeeded' || running.ticks.length === 0) {
      this.append(ended(id, attempt, outcome, { proves: this.spec(id).proves }));
    }
  }

  obey(command: Command): boolean {
    if (refuse(this.state, this.runbook, command) !== null) return false;
    const by = 'ann';
    const before = this.state;
    const attempt =
      'step' in command && command.step !== null && command.kind !== 'note'
        ? this.step(command.step).attempts.length
        : 0;
    switch (command.kind) {
      case 'start':
        this.begin(command.step, by);
        break;
      case 'cancel':
        this.machine('cancelled', '0');
        break;
      case 'confirm':
        this.append(ended(command.step, attempt, 'succeeded', { by }));
        break;
      case 'answer':
        this.append(ended(command.step, attempt, 'succeeded', { by, answer: command.answer }));
        break;
      case 'fail':
        this.append(ended(command.step, attempt, 'failed', { by }));
        break;
      case 'tick':
        this.append({ ...command, kind: 'task.ticked', by });
        break;
      case 'skip':
        this.append({ ...command, kind: 'step.skipped', cause: 'person', by });
        break;
      case 'resolve':
        this.append({
          ...command,
          kind: 'step.resolved',
          attempt,
          by,
          proves: [],
          recoveryPoint: null,
        });
        break;
      case 'note':
        this.append({ ...command, kind: 'note.added', by });
        break;
      case 'pace':
        this.append({ ...command, kind: 'run.paced', by });
        break;
      case 'declare':
        this.append({ kind: 'run.declared', at: '2026-01-05T13:00:00.000Z', by });
        break;
      case 'abort':
        if (this.running) this.machine('cancelled', '0');
        this.append({ kind: 'run.ended', outcome: 'aborted', reason: command.reason, by });
    }
    // What is permitted is also understood: the fold took the event.
    const { lastSeq: _a, lastHash: _b, lastTime: _c, ...now } = this.state;
    const { lastSeq: _d, lastHash: _e, lastTime: _f, ...then } = before;
    if (!['tick', 'pace'].includes(command.kind)) expect(now).not.toEqual(then);
    return true;
  }

  /** The commands that lead on from here, other than to abort. */
  exits(): Command[] {
    const next = decide(this.state, this.runbook);
    if (!('step' in next)) return [];
    const { step } = next;
    const open = this.step(step).ticks.indexOf(null);
    const candidates: Command[] = [
      { kind: 'start', step },
      { kind: 'cancel', step },
      { kind: 'tick', step, task: Math.max(open, 0), done: true },
      { kind: 'confirm', step },
      { kind: 'answer', step, answer: 'left' },
      { kind: 'skip', step, reason: 'no need' },
      { kind: 'resolve', step, as: 'succeeded', reason: 'looked' },
    ];
    return candidates.filter((command) => refuse(this.state, this.runbook, command) === null);
  }
}

describe('any run of any runbook', () => {
  it('keeps order and conditions, always has a way on, and folds the same in pieces', () => {
    fc.assert(
      fc.property(runbooks, fc.boolean(), happenings, fc.nat(), (runbook, force, list, cut) => {
        const model = new Model(runbook, force);
        for (const happening of list) {
          if (happening.type === 'machine') model.machine(happening.end, happening.capture);
          else if (happening.type === 'command') model.obey(happening.command);
          else {
            const exits = model.exits();
            const exit = exits[happening.pick % exits.length];
            if (exit) model.obey(exit);
          }
          model.advance();
          if (model.state.ended === null) expect(model.exits()).not.toEqual([]);
          expect(
            model.state.steps.filter(({ status }) => status === 'running').length,
          ).toBeLessThan(2);
        }
        const { events } = model;
        const at = cut % (events.length + 1);
        expect(fold(events)).toEqual(model.state);
        expect(fold(events.slice(at), fold(events.slice(0, at)))).toEqual(model.state);
      }),
      { numRuns: 1500 },
    );
  });

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
            const firm = ['skip', 'resolve', 'cancel'].map((kind) =>
              exits.find((command) => command.kind === kind),
            );
            // Whoever only ever ticks, or cancels and starts again, never ends: at last, be firm.
            const chosen =
              turn < 100
                ? exits[(picks[turn % picks.length] ?? 0) % exits.length]
                : firm.find((command) => command !== undefined);
            if (chosen) model.obey(chosen);
            else model.machine('succeeded', '1');
            model.advance();
          }
          expect(model.state.ended).not.toBeNull();
        },
      ),
      { numRuns: 300 },
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
            if (state) expect(decide(state, runbook).kind).toBeTypeOf('string');
          }
          expect(fold(events)).toEqual(state);
        },
      ),
      { numRuns: 500 },
    );
  });
});
