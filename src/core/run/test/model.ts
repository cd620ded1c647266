import { expect } from 'vitest';
import { evaluate, parseExpression } from '../../runbook/expression.ts';
import type { Runbook, Step } from '../../runbook/model.ts';
import { agenda, type Decision } from '../agenda.ts';
import type { Command } from '../commands.ts';
import type { EventBody, RunEvent } from '../events.ts';
import { acted, createdOf, ended, eventsOf, frozen, started } from '../fixture.ts';
import { itemOutline } from '../outline.ts';
import { fold, reduce } from '../reduce.ts';
import { refuse } from '../refuse.ts';
import { specOf } from '../specs.ts';
import type { RunState, StepState } from '../state.ts';
import { baseId, isUndo, scopeOf } from '../step-ids.ts';
import { undoOutline } from '../undo.ts';
import { valuesOf } from '../values.ts';

/** The engine as far as events go, with the promises checked at every step. */
export class Model {
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

  spec(id: string): Step {
    const found = specOf(this.runbook, id);
    if (!found) throw new Error(`no step ${id}`);
    return found;
  }

  get running(): StepState[] {
    return this.state.steps.filter(({ status, does }) => status === 'running' && does === 'shell');
  }

  begin(id: string, by: string): void {
    this.checkBegin(id, by);
    this.append(started(id, this.step(id).attempts.length + 1, by));
  }

  /** No step is begun against its needs or its condition, or by itself when it must not. */
  checkBegin(id: string, by: string): void {
    const spec = this.spec(id);
    expect(this.state.paused).toBeNull();
    if (this.step(id).status === 'pending' && !isUndo(id)) this.checkFirst(id, spec);
    this.checkOrder(id);
    if (by === 'ann' || spec.action?.kind !== 'shell') return;
    expect(spec.action.reviewed && !spec.action.interactive).toBe(true);
    const nothing = ['not-started', 'interrupted', 'not-yet'];
    const { attempts } = this.step(id);
    if (attempts.at(-1)?.outcome === 'not-yet') return;
    const tries = attempts.filter(({ outcome }) => !nothing.includes(outcome ?? ''));
    if (tries.at(-1)?.outcome === 'failed' && tries.at(-1)?.resolved?.as !== 'retry') {
      // Tries since a person last started, cancelled or resolved one.
      const started = tries.findLastIndex((attempt) => attempt.by === 'ann');
      const stopped = tries.findLastIndex(({ outcome }) => outcome !== 'failed');
      expect(tries.length - Math.max(started, stopped + 1, 0)).toBeLessThanOrEqual(spec.retries);
    } else {
      const order = ['safe', 'disruptive', 'destructive'];
      expect(this.state.auto).toBe(true);
      expect(order.indexOf(spec.risk)).toBeLessThanOrEqual(order.indexOf(this.state.allow));
    }
  }

  private checkFirst(id: string, spec: Step): void {
    const scope = scopeOf(id);
    for (const need of spec.needs) {
      const needed = scope === '' ? need : `${scope}/${need}`;
      const other = this.state.steps.find((step) => step.id === needed);
      if (other) expect(other.status).toBe('succeeded');
    }
    // A failed step is tried again because it was begun; only the first try asks the condition.
    if (this.step(id).attempts.at(-1)?.outcome === 'not-yet') return;
    const phase = this.runbook.phases.find(({ steps }) => steps.some((step) => step.id === id));
    for (const text of [phase?.condition ?? null, spec.condition]) {
      if (text === null) continue;
      const parsed = parseExpression(text);
      expect(parsed.ok && evaluate(parsed.expression, valuesOf(this.state, id))).toBe(true);
    }
  }

  /** Where steps follow each other, all before this one have their end; so have earlier phases. */
  private checkOrder(id: string): void {
    const own = baseId(id).split('/')[0];
    if (isUndo(id)) return;
    for (const phase of this.runbook.phases) {
      const at = phase.steps.findIndex((step) => step.id === own);
      const before = at < 0 ? phase.steps : phase.parallel > 1 ? [] : phase.steps.slice(0, at);
      for (const { id: earlier, undoOnly, continueOnError } of before) {
        if (undoOnly) continue;
        const { status, does } = this.step(earlier);
        const goesOn = status === 'failed' && (continueOnError || does !== 'shell');
        expect(goesOn || ['succeeded', 'skipped'].includes(status)).toBe(true);
      }
      if (at >= 0) return;
    }
  }

  /** Never more steps of a parallel phase under way than its limit allows. */
  checkLimits(): void {
    for (const phase of this.runbook.phases.filter(({ parallel }) => parallel > 1)) {
      const busy = phase.steps.filter(
        (step) => !step.undoOnly && ['running', 'waiting'].includes(this.step(step.id).status),
      );
      expect(busy.length).toBeLessThanOrEqual(phase.parallel);
    }
  }

  /** As the engine does: everything that may happen without a person. */
  advance(): Decision[] {
    for (let turns = 0; turns < 300; turns++) {
      const decisions = agenda(this.state, this.runbook);
      expect(decisions.length).toBeGreaterThan(0);
      const done = decisions.filter((decision) => this.record(decision));
      if (done.length === 0) return decisions;
    }
    throw new Error('advance does not come to rest');
  }

  private record(next: Decision): boolean {
    switch (next.kind) {
      case 'skip': {
        const { step, cause, reason } = next;
        this.append({ kind: 'step.skipped', step, cause, reason, by: 'muster' });
        return true;
      }
      case 'begin':
        this.begin(next.step, 'muster');
        return true;
      case 'act':
        if (next.automatic) this.begin(next.step, 'muster');
        return next.automatic;
      case 'expand':
        this.expand(next.step, next.items);
        return true;
      case 'refuse': {
        const attempt = this.step(next.step).attempts.length + 1;
        const problem = { code: 'c', what: 'w', safe: 's', next: 'n' };
        this.append(started(next.step, attempt), ended(next.step, attempt, 'failed', { problem }));
        return true;
      }
      case 'close':
        this.append(ended(next.step, this.step(next.step).attempts.length, next.outcome));
        return true;
      case 'finish':
        this.append({ kind: 'run.ended', outcome: next.outcome, reason: null, by: 'muster' });
        return true;
      default:
        return false;
    }
  }

  private expand(step: string, items: string[]): void {
    const list = this.step(step);
    this.append({
      kind: 'step.expanded',
      step,
      attempt: list.attempts.length + 1,
      name: 'ITEM',
      items,
      outline: itemOutline(this.runbook, list, this.spec(step), items),
      by: 'muster',
    });
  }

  /** The machine part of one of the running steps comes to its end. */
  machine(end: string, capture: string, pick = 0): void {
    const running = this.running[pick % Math.max(1, this.running.length)];
    if (!running) return;
    const { id } = running;
    const attempt = running.attempts.length;
    if (end === 'lost' || end === 'never-ran') {
      this.append(ended(id, attempt, end === 'lost' ? 'unknown' : 'not-started'));
      return;
    }
    const outcome = end as 'succeeded' | 'failed' | 'cancelled';
    this.append(acted(id, attempt, { outcome, captures: { A: capture } }));
    const isNotYet = this.spec(id).until !== null && outcome !== 'cancelled' && capture === '1';
    if (isNotYet) this.append(ended(id, attempt, 'not-yet'));
    else if (outcome !== 'succeeded' || running.ticks.length === 0) {
      this.append(ended(id, attempt, outcome, { proves: this.spec(id).proves }));
    }
  }

  obey(command: Command): boolean {
    if (refuse(this.state, this.runbook, command) !== null) return false;
    const before = this.state;
    this.carryOut(command);
    // What is permitted is also understood: the fold took the event.
    const { lastSeq: _a, lastHash: _b, lastTime: _c, ...now } = this.state;
    const { lastSeq: _d, lastHash: _e, lastTime: _f, ...then } = before;
    if (!['tick', 'pace'].includes(command.kind)) expect(now).not.toEqual(then);
    return true;
  }

  private carryOut(command: Command): void {
    const by = 'ann';
    const attemptOf = (step: string) => this.step(step).attempts.length;
    switch (command.kind) {
      case 'start':
        if (this.step(command.step).does === 'shell') this.begin(command.step, by);
        else this.append({ kind: 'step.reopened', step: command.step, reason: 'again', by });
        break;
      case 'cancel':
        this.append(
          acted(command.step, attemptOf(command.step), { outcome: 'cancelled' }),
          ended(command.step, attemptOf(command.step), 'cancelled', { by }),
        );
        break;
      case 'confirm':
        this.append(ended(command.step, attemptOf(command.step), 'succeeded', { by }));
        break;
      case 'answer': {
        const { answer, step } = command;
        this.append(ended(step, attemptOf(step), 'succeeded', { by, answer }));
        break;
      }
      case 'approve':
        throw new Error('no step of these needs an approval');
      case 'fail':
        this.append(ended(command.step, attemptOf(command.step), 'failed', { by }));
        break;
      case 'tick':
        this.append({ ...command, kind: 'task.ticked', by });
        break;
      case 'skip':
        this.append({ ...command, kind: 'step.skipped', cause: 'person', by });
        break;
      case 'reopen':
        this.append({ ...command, kind: 'step.reopened', by });
        break;
      case 'undo': {
        const outline = undoOutline(this.state, this.runbook, [this.step(command.step)]);
        expect(outline.length).toBe(1);
        this.append({ kind: 'run.paced', auto: false, allow: 'safe', by });
        this.append({ kind: 'undo.begun', ends: false, reason: command.reason, outline, by });
        break;
      }
      case 'resolve': {
        const attempt = attemptOf(command.step);
        const nothing = { proves: [], recoveryPoint: null };
        this.append({ ...command, kind: 'step.resolved', attempt, by, ...nothing });
        break;
      }
      case 'note':
        this.append({ ...command, kind: 'note.added', by });
        break;
      case 'pace':
        this.append({ ...command, kind: 'run.paced', by });
        break;
      case 'declare':
        this.append({ kind: 'run.declared', at: '2026-01-05T13:00:00.000Z', by });
        break;
      case 'pause':
        this.append({ ...command, kind: 'run.paused', cause: 'person', by });
        break;
      case 'resume':
        this.append({ ...command, kind: 'run.resumed', by });
        break;
      case 'abort':
        this.abort(command.reason, command.undo);
    }
  }

  private abort(reason: string, undo: boolean): void {
    while (this.running.length > 0) this.machine('cancelled', '0');
    const outline = undo ? undoOutline(this.state, this.runbook) : [];
    const by = 'ann';
    this.append(
      outline.length > 0
        ? { kind: 'undo.begun', ends: true, reason, outline, by }
        : { kind: 'run.ended', outcome: 'aborted', reason, by },
    );
  }

  /** The commands that lead on from here, other than to abort. */
  exits(): Command[] {
    return agenda(this.state, this.runbook).flatMap((next): Command[] => {
      if (next.kind === 'paused') return [{ kind: 'resume', reason: null }];
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
    });
  }
}
