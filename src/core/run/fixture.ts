import type { Phase, Runbook, ShellAction, Step } from '../runbook/model.ts';
import type { ActResult, BodyOf, EventBody, RunEvent } from './events.ts';
import { outlineOf } from './outline.ts';

/** Runbooks, events and results for the tests of this folder and of `ledger`, small but whole. */

const range = { start: 1, end: 1 };

export function shellAction(change: Partial<ShellAction> = {}): ShellAction {
  return {
    kind: 'shell',
    language: 'bash',
    code: 'true\n',
    expected: null,
    captures: [],
    interactive: false,
    line: 1,
    range,
    reviewed: true,
    ...change,
  };
}

export function askAction(
  change: Partial<Extract<NonNullable<Step['action']>, { kind: 'ask' }>> = {},
): Step['action'] {
  return {
    kind: 'ask',
    language: 'ask',
    question: 'Which way?',
    choices: [],
    pattern: null,
    line: 1,
    range,
    reviewed: true,
    ...change,
  };
}

/** A reviewed, safe shell step unless `change` says otherwise. */
export function stepOf(id: string, change: Partial<Step> = {}): Step {
  return {
    id,
    title: `Step ${id}`,
    path: [],
    line: 1,
    range,
    parts: [],
    action: shellAction(),
    tasks: [],
    risk: 'safe',
    timeoutMs: null,
    retries: 0,
    backoffMs: 0,
    continueOnError: false,
    undo: null,
    undoOnly: false,
    needs: [],
    until: null,
    each: null,
    rehearse: null,
    condition: null,
    proves: [],
    recoveryPoint: null,
    declares: false,
    ...change,
  };
}

export function tasksOf(...texts: string[]): Step['tasks'] {
  return texts.map((text) => ({ text, line: 1 }));
}

export function phaseOf(title: string, steps: Step[], condition: string | null = null): Phase {
  return { title, line: 1, range, intro: '', condition, parallel: 1, steps };
}

export function runbookOf(phases: Phase[], change: Partial<Runbook> = {}): Runbook {
  return {
    title: 'Restore orders',
    format: 'muster',
    kind: 'restore',
    system: null,
    owner: null,
    reviewDays: null,
    objectives: [],
    inputs: [],
    timeoutMs: null,
    requires: { target: false, roles: [], tools: [], range: null },
    intro: '',
    introRange: null,
    phases,
    called: {},
    findings: [],
    lines: 1,
    ...change,
  };
}

export function createdOf(
  runbook: Runbook,
  change: Partial<BodyOf<'run.created'>> = {},
): BodyOf<'run.created'> {
  return {
    kind: 'run.created',
    title: runbook.title,
    path: '/srv/runbooks/restore-orders.md',
    sha256: 'a'.repeat(64),
    runbookKind: runbook.kind,
    mode: 'drill',
    inputs: {},
    objectives: runbook.objectives.map(({ line: _, ...objective }) => objective),
    outline: outlineOf(runbook),
    range: null,
    operator: 'ann',
    host: 'laptop',
    version: '0.1.0',
    ...change,
  };
}

/** The time of the event with this number: one second after the one before it. */
export function timeOf(seq: number): string {
  return new Date(Date.UTC(2026, 0, 5, 13, 0, 0) + seq * 1000).toISOString();
}

/** Events with these bodies, in order, without a real hash chain. */
export function eventsOf(bodies: readonly EventBody[], firstSeq = 1): RunEvent[] {
  return bodies.map((body, index) => {
    const seq = firstSeq + index;
    return {
      run: 'run-1',
      seq,
      time: timeOf(seq),
      mono: seq * 1000,
      session: 'session-1',
      body,
      prev: `hash-${seq - 1}`,
      hash: `hash-${seq}`,
    };
  });
}

export function resultOf(change: Partial<ActResult> = {}): ActResult {
  return {
    outcome: 'succeeded',
    exitCode: 0,
    signal: null,
    durationMs: 1200,
    output: { bytes: 0, sha256: 'b'.repeat(64) },
    captures: {},
    problem: null,
    ...change,
  };
}

export function started(step: string, attempt = 1, by = 'muster'): EventBody {
  return { kind: 'step.started', step, attempt, by };
}

export function acted(step: string, attempt = 1, result: Partial<ActResult> = {}): EventBody {
  return { kind: 'step.acted', step, attempt, result: resultOf(result) };
}

export function ended(
  step: string,
  attempt: number,
  outcome: BodyOf<'step.ended'>['outcome'],
  change: Partial<BodyOf<'step.ended'>> = {},
): EventBody {
  return {
    kind: 'step.ended',
    step,
    attempt,
    outcome,
    by: 'muster',
    answer: null,
    proves: [],
    recoveryPoint: null,
    problem: null,
    ...change,
  };
}

/** A shell step from its start to an end without surprise. */
export function ran(
  step: string,
  attempt: number,
  outcome: 'succeeded' | 'failed' | 'cancelled',
  by = 'muster',
): EventBody[] {
  const exitCode = outcome === 'succeeded' ? 0 : 1;
  return [
    started(step, attempt, by),
    acted(step, attempt, { outcome, exitCode }),
    ended(step, attempt, outcome),
  ];
}

/** Freezes a value and all within it, so that a change of it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inside of Object.values(value)) frozen(inside);
  }
  return value;
}
