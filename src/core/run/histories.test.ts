import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../ledger/chain.ts';
import { allSteps } from '../runbook/model.ts';
import { parse } from '../runbook/parse.ts';
import { decide } from './decide.ts';
import { runEventSchema } from './events.ts';
import everything from './histories/0.1.0-everything.json';
import { measure } from './objectives.ts';
import { fold } from './reduce.ts';

/**
 * Runs as released versions recorded them. They must be read, verify and mean the same for ever: a
 * change that breaks one of these tests breaks somebody's record. Never edit a history; add one.
 */
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the history of 0.1.0 with everything in it', () => {
  const events = everything.events.map((event) => runEventSchema.parse(event));
  const runbook = parse(everything.runbook);
  const state = fold(events);

  it('verifies', () => {
    const check = verifyChain(events, sha256);
    expect(check).toEqual({ events: events.length, head: events.at(-1)?.hash, bad: null });
  });

  it('replays to the same end', () => {
    expect(state?.ended?.outcome).toBe('failed');
    expect(state?.steps.map(({ id, status, attempts }) => [id, status, attempts.length])).toEqual([
      ['check', 'succeeded', 1],
      ['how', 'succeeded', 1],
      ['only-call', 'skipped', 0],
      ['flaky', 'skipped', 2],
      ['find', 'succeeded', 1],
      ['load', 'succeeded', 2],
      ['slow', 'failed', 1],
      ['by-hand', 'succeeded', 1],
      ['prove', 'succeeded', 1],
    ]);
    expect(state?.steps[5]?.attempts[1]?.resolved?.reason).toBe('the rows are there');
    expect(state && decide(state, runbook)).toEqual({ kind: 'ended', because: 'ended' });
  });

  it('measures the same', () => {
    expect(state && measure(state)).toMatchObject([
      { component: 'Database', rtoPromisedMs: 1_800_000, rpoPromisedMs: 3_600_000, verdict: 'met' },
    ]);
    const [database] = state ? measure(state) : [];
    expect([database?.rtoMs, database?.rpoMs]).toEqual([886, 600048]);
  });

  it('belongs to a runbook that is read with the same steps', () => {
    expect(runbook.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(allSteps(runbook).map(({ id }) => id)).toEqual(state?.steps.map(({ id }) => id));
  });

  it('allows at each moment what happened next', () => {
    for (let length = 1; length < events.length; length += 1) {
      const now = fold(events.slice(0, length));
      const next = events[length]?.body;
      if (!now || next?.kind !== 'step.started') continue;
      const decision = decide(now, runbook);
      expect('step' in decision && decision.step).toBe(next.step);
    }
  });
});
