import { hash } from 'node:crypto';
import { link } from '../src/core/ledger/chain.ts';
import type { EventBody, RunEvent } from '../src/core/run/events.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** What a run of shell steps records: created, then started, acted and ended of each attempt. */
export function bodyOf(index: number, steps: number): EventBody {
  if (index === 0) {
    const outline = Array.from({ length: steps }, (_, step) => ({
      id: `step-${step}`,
      title: `Step ${step}`,
      phase: 'All',
      does: 'shell' as const,
      risk: 'safe' as const,
      tasks: 0,
    }));
    return {
      kind: 'run.created',
      title: 'A long run',
      path: null,
      sha256: sha256('# A long run\n'),
      runbookKind: null,
      mode: 'drill',
      inputs: {},
      objectives: [],
      outline,
      range: null,
      operator: 'ada',
      host: 'bench',
      version: '0.0.0',
    };
  }
  const nth = Math.floor((index - 1) / 3);
  const step = `step-${nth % steps}`;
  const attempt = Math.floor(nth / steps) + 1;
  if (index % 3 === 1) return { kind: 'step.started', step, attempt, by: 'muster' };
  if (index % 3 === 2) {
    const result = {
      outcome: 'failed' as const,
      exitCode: 1,
      signal: null,
      durationMs: index * 1.25,
      output: { bytes: 0, sha256: sha256('') },
      captures: {},
      problem: null,
    };
    return { kind: 'step.acted', step, attempt, result };
  }
  return {
    kind: 'step.ended',
    step,
    attempt,
    outcome: 'failed',
    by: 'muster',
    answer: null,
    proves: [],
    recoveryPoint: null,
    problem: null,
  };
}

/** A sound ledger of so many events, an event at a time. */
export function* ledger(
  run: string,
  events: number,
  steps: number,
  created: { title?: string; sha256?: string } = {},
): Generator<RunEvent> {
  let previous: RunEvent | null = null;
  for (let index = 0; index < events; index++) {
    const stamp = {
      run,
      time: new Date(Date.UTC(2026, 2, 1) + index).toISOString(),
      mono: index * 1.37,
      session: 'b3nchb3nch00',
    };
    const body = bodyOf(index, steps);
    previous = link(previous, stamp, index === 0 ? { ...body, ...created } : body, sha256);
    yield previous;
  }
}
