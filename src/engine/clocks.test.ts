import { afterEach, describe, expect, it } from 'vitest';
import { agenda } from '../core/run/agenda.ts';
import type { Clocks } from './clock-watch.ts';
import { readClocks } from './clock-watch.ts';
import { verifyRun } from './record.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

/** The wall clock is set, or the machine sleeps, in the middle of a run. */

const HOUR = 3_600_000;

let bench: Workbench;
let setBy = 0;
let slept = 0;
/** As the machine's, but set and asleep as a test says. */
const clocks = (): Clocks => {
  const { wall, mono, boot } = readClocks();
  return { wall: wall + setBy + slept, mono, boot: boot + slept };
};
const open = (): void => {
  setBy = 0;
  slept = 0;
  bench = openWorkbench({ clocks });
};
afterEach(() => bench.close());

const kinds = (run: string): string[] => bench.store.events.read(run).map(({ body }) => body.kind);

describe.each([
  ['is set an hour forward', HOUR, 0],
  ['is set an hour back', -HOUR, 0],
  ['slept for an hour', 0, HOUR],
])('a machine that %s in the middle of a run', (_, jump, sleep) => {
  const happen = (): void => {
    setBy = jump;
    slept = sleep;
  };

  it('is recorded, and a step under way has the time that it had', async () => {
    open();
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', 'until [ -e go ]; do sleep 0.05; done', 'timeout=60s')}`),
    );
    await bench.until(run, ({ steps }) => steps[0]?.status === 'running');
    happen();
    await bench.engine.command(run, { kind: 'note', step: null, text: 'Was that the clock?' });
    const state = bench.state(run);
    expect(Math.round(state.shiftMs / HOUR)).toBe(Math.sign(jump));
    expect(Math.round(state.sleptMs / HOUR)).toBe(Math.sign(sleep));
    expect(state.steps[0]?.status).toBe('running');
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    const end = await bench.until(run, ({ steps }) => steps[0]?.status === 'cancelled');
    expect(end.steps[0]?.attempts[0]?.result?.durationMs).toBeLessThan(HOUR / 2);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('neither hastens nor delays a retry', async () => {
    open();
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', 'exit 1', 'retries=1 backoff=10m')}`),
    );
    const before = await bench.until(run, ({ steps }) => steps[0]?.status === 'failed');
    happen();
    await bench.engine.command(run, { kind: 'note', step: null, text: 'Look again.' });
    await bench.until(run, () =>
      kinds(run).includes(jump === 0 ? 'machine.slept' : 'clock.jumped'),
    );
    const { steps } = bench.state(run);
    // Not begun early …
    expect(steps[0]?.attempts).toHaveLength(before.steps[0]?.attempts.length ?? 0);
    // … and due when it would have been: ten minutes and a fifth after the failure at most.
    const driven = bench.engine.driven(run);
    const [next] = driven ? agenda(driven.state, driven.runbook) : [];
    const left = next?.kind === 'act' && next.after !== null ? next.after - clocks().wall : 0;
    expect(left).toBeGreaterThan(6 * 60_000);
    expect(left).toBeLessThan(13 * 60_000);
  });

  it('does not end the wait for something', async () => {
    open();
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', '[ -e go ]', 'until="true" interval=100ms deadline=10m')}`,
      ),
    );
    await bench.until(run, ({ steps }) => (steps[0]?.attempts.length ?? 0) > 2);
    happen();
    const before = bench.state(run).steps[0]?.attempts.length ?? 0;
    const state = await bench.until(
      run,
      ({ steps }) => (steps[0]?.attempts.length ?? 0) > before + 2,
    );
    expect(state.steps[0]?.status).not.toBe('failed');
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

describe('the limit of a run', () => {
  it('is not reached by a clock that was set forward', async () => {
    open();
    const run = await bench.start(annotated('## One\n### Look\n- [ ] Look.\n', 'timeout: 10m\n'));
    await bench.until(run, ({ steps }) => steps[0]?.status === 'waiting');
    setBy = HOUR;
    await bench.engine.command(run, { kind: 'note', step: null, text: 'Look again.' });
    await bench.until(run, () => kinds(run).includes('clock.jumped'));
    expect(bench.state(run).paused).toBeNull();
    await bench.reopen();
    await bench.engine.resume(run);
    await bench.engine.command(run, {
      kind: 'tick',
      step: bench.state(run).steps[0]?.id ?? '',
      task: 0,
      done: true,
    });
    expect(bench.state(run).overran).toBe(false);
  });

  it('is reached by time that the machine slept', async () => {
    open();
    const run = await bench.start(annotated('## One\n### Look\n- [ ] Look.\n', 'timeout: 10m\n'));
    await bench.until(run, ({ steps }) => steps[0]?.status === 'waiting');
    slept = HOUR;
    await bench.engine.command(run, { kind: 'note', step: null, text: 'Good morning.' });
    const state = await bench.until(run, ({ paused }) => paused !== null);
    expect(state.paused?.cause).toBe('timeout');
  });
});
