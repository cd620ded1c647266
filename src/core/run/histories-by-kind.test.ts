import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyChain } from '../ledger/chain.ts';
import { link } from '../runbook/link.ts';
import type { Runbook } from '../runbook/model.ts';
import { parse } from '../runbook/parse.ts';
import { agenda } from './agenda.ts';
import { type EventBody, runEventSchema } from './events.ts';
import { outlineOf } from './outline.ts';
import { fold, reduce } from './reduce.ts';
import { engineName } from './retry.ts';
import type { RunState } from './state.ts';

/** One recorded run of each kind; see `histories/README.md`. */

const folder = join(import.meta.dirname, 'histories');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const historySchema = z.object({
  runbook: z.string(),
  called: z.string().nullable(),
  end: z.record(z.string(), z.unknown()),
  events: z.array(runEventSchema),
});

function read(name: string) {
  const history = historySchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const { called } = history;
  const inner =
    called === null ? null : { path: 'inner.md', sha256: sha256(called), runbook: parse(called) };
  return { ...history, runbook: link(parse(history.runbook), () => inner) };
}

const endOf = (state: RunState | null) => ({
  outcome: state?.ended?.outcome,
  remains: state?.ended?.remains,
  shiftMs: state?.shiftMs,
  sleptMs: state?.sleptMs,
  captures: state?.captures,
  steps: state?.steps.map(({ id, status, attempts }) => [id, status, attempts.length]),
});

/** Whether what happened next was something that might. What a person may always do is. */
function isPermitted(state: RunState, runbook: Runbook, next: EventBody): boolean {
  const decisions = agenda(state, runbook);
  const holds = (step: string, ...kinds: string[]): boolean =>
    decisions.some((one) => 'step' in one && one.step === step && kinds.includes(one.kind));
  switch (next.kind) {
    case 'step.started': {
      const act = decisions.find((one) => one.kind === 'act' && one.step === next.step);
      if (act?.kind === 'act') return act.automatic || next.by !== engineName;
      // A list or a call that cannot be read begins only to fail.
      return (
        holds(next.step, 'begin', 'refuse') ||
        (next.by !== engineName && holds(next.step, 'failed'))
      );
    }
    case 'step.acted':
      return state.steps.some(({ id, status }) => id === next.step && status === 'running');
    case 'step.ended':
      return isUnderWay(state, next.step);
    case 'step.expanded':
      return decisions.some(
        (one) =>
          one.kind === 'expand' &&
          one.step === next.step &&
          JSON.stringify(one.items) === JSON.stringify(next.items),
      );
    case 'step.skipped':
      return next.by === engineName
        ? holds(next.step, 'skip')
        : holds(next.step, 'act', 'person', 'failed', 'running');
    case 'step.resolved':
      return holds(next.step, 'unknown');
    case 'step.approved':
      return holds(next.step, 'person');
    case 'run.resumed':
      return decisions[0]?.kind === 'paused';
    case 'run.taken-over':
      return decisions.some((one) => one.kind === 'ended' && one.because === 'handed-over');
    case 'run.ended':
      return next.by === engineName
        ? decisions.some((one) => one.kind === 'finish' && one.outcome === next.outcome)
        : next.outcome === 'aborted';
    default:
      return true;
  }
}

function isUnderWay({ steps }: RunState, step: string): boolean {
  const status = steps.find(({ id }) => id === step)?.status;
  return status === 'running' || status === 'waiting';
}

const names = readdirSync(folder).filter((name) => /^(?!0\.1\.0-).*\.json$/.test(name));

it('there is a history of each kind of run', () => {
  const kinds = new Set(names.map((name) => name.replace(/^[\d.]+-|\.json$/g, '')));
  const wanted =
    'parallel list polling called approval pause undo-step abort-undo rehearsal structured hand-over clocks flood unknown';
  expect([...kinds].toSorted()).toEqual(wanted.split(' ').toSorted());
});

describe.each(names)('the history %s', (name) => {
  const { events, runbook, end } = read(name);

  it('verifies', () => {
    const check = verifyChain(events, sha256);
    expect(check).toEqual({ events: events.length, head: events.at(-1)?.hash, bad: null });
  });

  it('folds to the same end, whole and an event at a time', () => {
    const whole = fold(events);
    expect(JSON.parse(JSON.stringify(endOf(whole)))).toEqual(end);
    let state: RunState | null = null;
    for (const event of events) state = reduce(state, event);
    expect(state).toEqual(whole);
  });

  it('belongs to a runbook that is read with the same steps', () => {
    expect(runbook.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(outlineOf(runbook)).toEqual(fold(events.slice(0, 1))?.created.outline);
  });

  it('allows at each moment what happened next', () => {
    let state: RunState | null = null;
    const wrong: string[] = [];
    for (const event of events) {
      if (state !== null && !isPermitted(state, runbook, event.body)) {
        wrong.push(`${event.seq} ${event.body.kind}: ${JSON.stringify(agenda(state, runbook))}`);
      }
      state = reduce(state, event);
    }
    expect(wrong).toEqual([]);
  });
});

it('the histories hold what they are kept for', () => {
  const bodies = names.flatMap((name) => read(name).events.map(({ body }) => body));
  const results = bodies.flatMap((body) => (body.kind === 'step.acted' ? [body.result] : []));
  expect(results.some(({ verdict }) => verdict === 'healthy')).toBe(true);
  expect(results.some(({ evidence }) => (evidence?.length ?? 0) > 0)).toBe(true);
  expect(results.some(({ output }) => output.leftOut !== undefined)).toBe(true);
  expect(results.some(({ rehearsed }) => rehearsed === true)).toBe(true);
  const kinds = new Set(bodies.map(({ kind }) => kind));
  for (const kind of [
    'clock.jumped',
    'machine.slept',
    'run.handed-over',
    'run.taken-over',
    'attachment.added',
  ])
    expect(kinds).toContain(kind);
  expect(bodies.some((body) => body.kind === 'run.ended' && body.remains?.includes('two'))).toBe(
    true,
  );
});
