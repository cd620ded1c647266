import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunState } from '../core/run/state.ts';
import { verifyRun } from './record.ts';
import { openWorkbench, type Workbench } from './testing.ts';

const head = '---\nrunbook: 1\n---\n';
const sh = (code: string, attributes = '') =>
  `\`\`\`sh {timeout=20s ${attributes}}\n${code}\n\`\`\`\n`;

/** Three steps that can be taken back: by another step, by commands, and by commands that fail. */
const runbook = (last = 'exit 1') => `${head}## Do
### One
${sh('echo 1 >>did', 'id=one undo=back-one')}### Two
${sh('echo 2 >>did', `id=two undo="echo undo-2 >>did"`)}### Three
${sh('echo 3 >>did', `id=three undo="echo undo-3 >>did; ${last === 'undo fails' ? 'exit 1' : 'true'}"`)}### Four
${sh(last === 'undo fails' ? 'exit 1' : last, 'id=four')}
## Back {undo-only}
### Back one
${sh('echo undo-1 >>did; cat did', 'id=back-one')}`;

describe.skipIf(process.platform === 'win32')('taking back', () => {
  let bench: Workbench;
  beforeEach(() => {
    bench = openWorkbench();
  });
  afterEach(() => bench.close());

  const over = (state: RunState): boolean => state.ended !== null;
  const abort = { kind: 'abort', reason: 'wrong way', undo: true } as const;
  const isHeld = ({ steps }: RunState) => steps.some(({ status }) => status === 'failed');

  it('of everything, newest first, when a run is aborted', async () => {
    const run = await bench.start(runbook());
    await bench.until(run, isHeld);
    await bench.engine.command(run, abort);
    const end = await bench.until(run, over);
    expect(end.ended).toMatchObject({ outcome: 'aborted', reason: 'wrong way', remains: [] });
    expect(bench.output(run, '~one').trim().split('\n')).toEqual([
      '1',
      '2',
      '3',
      'undo-3',
      'undo-2',
      'undo-1',
    ]);
    expect(end.steps.filter(({ undone }) => undone !== null).map(({ id }) => id)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('goes on past an undo that fails, and says what remains', async () => {
    const run = await bench.start(runbook('undo fails'));
    await bench.until(run, isHeld);
    await bench.engine.command(run, abort);
    const end = await bench.until(run, over);
    expect(end.ended).toMatchObject({ outcome: 'aborted', remains: ['three'] });
    expect(end.steps.find(({ id }) => id === '~one')?.status).toBe('succeeded');
  });

  it('asks before each in step mode, and may leave one out', async () => {
    const run = await bench.start(runbook());
    await bench.until(run, isHeld);
    await bench.engine.command(run, { kind: 'pace', auto: false, allow: 'safe' });
    await bench.engine.command(run, abort);
    expect(bench.state(run).ended).toBeNull();
    await bench.engine.command(run, { kind: 'start', step: '~three' });
    await bench.until(run, ({ steps }) => steps.some((step) => step.id === 'three' && step.undone));
    await bench.engine.command(run, { kind: 'skip', step: '~two', reason: 'keep it' });
    await bench.engine.command(run, { kind: 'start', step: '~one' });
    const end = await bench.until(run, over);
    expect(end.ended?.remains).toEqual(['two']);
  });

  it('of one step gives it its turn again, and the run goes on step by step', async () => {
    const run = await bench.start(runbook());
    await bench.until(run, isHeld);
    await bench.engine.command(run, { kind: 'undo', step: 'two', reason: 'too early' });
    await bench.engine.command(run, { kind: 'start', step: '~two' });
    const back = await bench.until(run, ({ steps }) => steps[1]?.status === 'pending');
    expect(back.steps[1]?.undone).not.toBeNull();
    expect(back.auto).toBe(false);
    await expect(
      bench.engine.command(run, { kind: 'undo', step: 'two', reason: 'again' }),
    ).rejects.toMatchObject({ problem: { code: 'nothing-to-undo' } });
    await bench.engine.command(run, { kind: 'start', step: 'two' });
    const again = await bench.until(run, ({ steps }) => steps[1]?.attempts.length === 2);
    expect(again.ended).toBeNull();
    await bench.until(run, ({ steps }) => steps[1]?.status === 'succeeded');
    await bench.engine.command(run, { kind: 'undo', step: 'two', reason: 'too early again' });
    await bench.engine.command(run, { kind: 'start', step: '~two' });
    const twice = await bench.until(run, ({ steps }) => steps[1]?.status === 'pending');
    expect(twice.steps.find(({ id }) => id === '~two')?.attempts).toHaveLength(2);
  });

  it('survives Muster: an undo under way goes on, and none is done twice', async () => {
    const slow = runbook().replace('echo undo-2 >>did', 'echo undo-2 >>did; sleep 0.6');
    const run = await bench.start(slow);
    await bench.until(run, isHeld);
    await bench.engine.command(run, abort);
    await bench.until(run, ({ steps }) =>
      steps.some((s) => s.id === '~two' && s.status === 'running'),
    );
    await bench.reopen();
    await bench.engine.resume(run);
    const end = await bench.until(run, over);
    expect(end.ended?.outcome).toBe('aborted');
    const did = bench.output(run, '~one').trim().split('\n');
    expect(did.slice(3)).toEqual(['undo-3', 'undo-2', 'undo-1']);
  });

  it('of a step whose undo had its own turn since is not done again', async () => {
    const text = `${head}## P
### Stop
${sh('echo stop >>did', 'id=stop undo=start')}### Start
${sh('echo start >>did; cat did', 'id=start')}### Fail
${sh('exit 1', 'id=fail')}`;
    const run = await bench.start(text);
    await bench.until(run, isHeld);
    await bench.engine.command(run, abort);
    const end = await bench.until(run, over);
    expect(end.steps.map(({ id }) => id)).toEqual(['stop', 'start', 'fail']);
    expect(existsSync(join(bench.home, 'runbooks', 'did'))).toBe(true);
  });

  it('cancels what runs first', async () => {
    const run = await bench.start(runbook('sleep 30'));
    await bench.until(run, ({ steps }) => steps[3]?.status === 'running');
    await bench.engine.command(run, abort);
    const end = await bench.until(run, over, 15_000);
    expect(end.steps[3]?.status).toBe('cancelled');
    expect(end.steps[0]?.undone).not.toBeNull();
  });
});
