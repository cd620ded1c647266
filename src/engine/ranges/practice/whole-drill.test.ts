import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { decide } from '../../../core/run/decide.ts';
import { measure } from '../../../core/run/objectives.ts';
import { parse } from '../../../core/runbook/parse.ts';
import { openWorkbench } from '../../testing.ts';

const text = readFileSync(
  new URL('../../../../runbooks/practice/restore-orders.md', import.meta.url),
  'utf8',
);
const runbook = parse(text);

it('runs to its end in the engine, is taken up again in the middle of the copy, and keeps its objectives', async () => {
  const bench = openWorkbench();
  onTestFinished(() => bench.close());
  const run = await bench.start(text, { inputs: { PROBE_CUSTOMER: 'drill-probe' } });
  const answers: Record<string, string> = { how: 'customer', way: 'pieces', leave: 'restored' };
  let reopened = false;

  for (;;) {
    const state = await bench.until(run, (now) => decide(now, runbook).kind !== 'act');
    const next = decide(state, runbook);
    if (next.kind === 'ended') break;
    if (next.kind === 'failed' || next.kind === 'unknown') {
      throw new Error(`${next.step} ${next.kind}: ${bench.output(run, next.step)}`);
    }
    if (next.kind === 'person' && next.needs === 'answer') {
      const answer = answers[next.step] ?? '';
      await bench.engine.command(run, { kind: 'answer', step: next.step, answer });
    } else if (next.kind === 'person') {
      for (const task of [0, 1]) {
        await bench.engine.command(run, { kind: 'tick', step: next.step, task, done: true });
      }
      await bench.engine.command(run, { kind: 'confirm', step: next.step }).catch(() => undefined);
    } else if (!reopened && bench.output(run, 'copy-in-pieces').includes('piece 3 ')) {
      reopened = true;
      await bench.reopen();
      await bench.engine.resume(run);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  const state = bench.state(run);
  expect(reopened).toBe(true);
  expect(state.ended?.outcome).toBe('succeeded');
  expect(state.steps.every((step) => step.attempts.length <= 1)).toBe(true);
  expect(state.steps.filter((step) => step.status === 'skipped').map((step) => step.id)).toEqual([
    'copy-at-once',
    'put-back',
  ]);
  expect(measure(state)).toMatchObject([{ component: 'Orders database', verdict: 'met' }]);
}, 60_000);
