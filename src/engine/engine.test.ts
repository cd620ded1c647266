import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toProblem } from '../core/problem.ts';
import { verifyRun } from './record.ts';
import { annotated, openWorkbench, shellStep, type Workbench } from './testing.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.close());

const hasEnded = (state: { ended: unknown }): boolean => state.ended !== null;
const statuses = (state: ReturnType<Workbench['state']>): Record<string, string> =>
  Object.fromEntries(state.steps.map(({ id, status }) => [id, status]));
const problemOf = async (promise: Promise<unknown>) =>
  toProblem(await promise.then(() => null).catch((error: unknown) => error));

describe('a run of shell steps', () => {
  it('runs them in order and records all of it', async () => {
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', 'echo first')}${shellStep('b', 'echo second')}`),
    );
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    expect(statuses(state)).toEqual({ a: 'succeeded', b: 'succeeded' });
    expect(bench.output(run, 'a')).toBe('first\n');
    expect(verifyRun(bench.store, run)).toMatchObject({ events: state.lastSeq, bad: null });
    expect(existsSync(join(bench.home, 'spool', run))).toBe(false);
  });

  it('stops at a failure and goes on after a retry', async () => {
    const flag = join(bench.home, 'flag');
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', `test -e ${flag}`)}${shellStep('b', 'true')}`),
    );
    const failed = await bench.until(run, (state) => state.steps[0]?.status === 'failed');
    expect(failed.steps[0]?.attempts[0]).toMatchObject({
      outcome: 'failed',
      problem: { code: 'step-exited' },
      result: { exitCode: 1 },
    });
    expect(statuses(failed).b).toBe('pending');
    writeFileSync(flag, '');
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    expect(state.steps[0]?.attempts).toHaveLength(2);
  });

  it('stops a step at the first command that fails, in bash also inside a pipe', async () => {
    const run = await bench.start(
      annotated(
        '## One\n### A\n```bash {id=a timeout=9s continue-on-error}\nfalse | cat\necho no\n```\n' +
          shellStep('b', 'false\necho no', 'continue-on-error'),
      ),
    );
    const state = await bench.until(run, hasEnded);
    expect(statuses(state)).toEqual({ a: 'failed', b: 'failed' });
    expect(bench.output(run, 'a') + bench.output(run, 'b')).toBe('');
    expect(state.ended?.outcome).toBe('failed');
  });

  it('tries again by itself as often as the runbook says', async () => {
    const count = join(bench.home, 'count');
    const code = `echo x >> ${count}\ntest "$(wc -l < ${count})" -ge 3`;
    const run = await bench.start(
      annotated(`## One\n${shellStep('a', code, 'retries=2 backoff=50ms')}`),
    );
    const state = await bench.until(run, hasEnded);
    expect(state.steps[0]?.attempts.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'succeeded',
    ]);
  });

  it('ends a step and all it started at its timeout', async () => {
    const run = await bench.start(
      annotated('## One\n### A\n```sh {id=a timeout=500ms}\nsleep 60 & sleep 60\n```\n'),
    );
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'failed');
    expect(state.steps[0]?.attempts[0]).toMatchObject({
      problem: { code: 'step-timed-out' },
      result: { outcome: 'timed-out', signal: 'SIGTERM' },
    });
  });

  it('cancels a whole process group, also one that ignores TERM', async () => {
    const pids = join(bench.home, 'pids');
    const code = `trap '' TERM\necho $$ > ${pids}\nsleep 60 &\necho $! >> ${pids}\nwait`;
    const run = await bench.start(annotated(`## One\n${shellStep('a', code)}`));
    await bench.until(
      run,
      () => existsSync(pids) && readFileSync(pids, 'utf8').split('\n').length > 2,
    );
    await bench.engine.command(run, { kind: 'cancel', step: 'a' });
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'cancelled');
    expect(state.steps[0]?.attempts[0]?.result).toMatchObject({ signal: 'SIGKILL' });
    for (const pid of readFileSync(pids, 'utf8').trim().split('\n')) {
      const stat = existsSync(`/proc/${pid}/stat`)
        ? readFileSync(`/proc/${pid}/stat`, 'utf8')
        : ') Z';
      expect(stat).toMatch(/\) Z/);
    }
  }, 20_000);

  it('passes inputs, captures and answers as variables, and nothing of the parent but the allowlist', async () => {
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', 'echo noise >&2; echo one; echo "two words; $(id)"', 'capture=WORDS')}` +
          '### Which way\n```ask {id=which-way}\nquestion: Which?\nchoices: {left: Left, right: Right}\n```\n' +
          shellStep('b', 'echo "$NAME/$WORDS/$WHICH_WAY/$AWS_PROFILE/$MUSTER_STEP"'),
        'inputs:\n  NAME: {type: string}\n',
      ),
      { inputs: { NAME: '$(reboot) `x`' } },
    );
    await bench.until(run, (state) => state.steps[1]?.status === 'waiting');
    await bench.engine.command(run, { kind: 'answer', step: 'which-way', answer: 'left' });
    await bench.until(run, hasEnded);
    expect(bench.output(run, 'b')).toMatch(/^\$\(reboot\) `x`\/two words; uid=.*\/left\/\/b\n$/);
  });

  it('reads captures by last line, pattern and pointer, and fails a step that does not print them', async () => {
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', 'echo "rows=12 of 13"', 'capture="ROWS=/rows=(\\d+)/"')}` +
          shellStep('b', `echo '{"a": [{"b": "deep"}]}'`, 'capture="DEEP=#/a/0/b"') +
          shellStep('c', 'true', 'capture=NONE'),
      ),
    );
    const state = await bench.until(run, (now) => now.steps[2]?.status === 'failed');
    expect(state.captures).toEqual({ ROWS: '12', DEEP: 'deep' });
    expect(state.steps[2]?.attempts[0]?.problem?.code).toBe('capture-missing');
  });

  it('removes secrets from output, captures, notes and the ledger', async () => {
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('a', 'echo "pw=$PASSWORD"; printf %s "$PASSWORD" | od -c >/dev/null; echo "$PASSWORD"', 'capture=LEAK')}`,
        'inputs:\n  PASSWORD: {secret: "env:SECRET_SOURCE"}\n',
      ),
    );
    await bench.until(run, hasEnded);
    await bench.reopen();
    expect(bench.output(run, 'a')).toBe('pw=•••\n•••\n');
    const everything = readdirSync(bench.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
    expect(everything).not.toContain('hunter2');
    expect(everything).toContain('env:SECRET_SOURCE');
  });
});

describe('a run with people', () => {
  it('waits at a gate in auto mode, and records ticks, notes and the confirmation', async () => {
    const run = await bench.start(
      annotated(`## One\n### By hand\n- [ ] one\n- [ ] two\n\n${shellStep('b', 'true')}`),
    );
    const waiting = await bench.until(run, (state) => state.steps[0]?.status === 'waiting');
    const hand = waiting.steps[0]?.id ?? '';
    const early = await problemOf(bench.engine.command(run, { kind: 'confirm', step: hand }));
    expect(early.safe).not.toBe('');
    await bench.engine.command(run, { kind: 'tick', step: hand, task: 0, done: true });
    await bench.engine.command(run, { kind: 'tick', step: hand, task: 1, done: true });
    await bench.engine.command(run, { kind: 'note', step: hand, text: 'looked at it twice' });
    await bench.engine.command(run, { kind: 'confirm', step: hand });
    const state = await bench.until(run, hasEnded);
    expect(state.ended?.outcome).toBe('succeeded');
    expect(state.steps[0]?.attempts[0]).toMatchObject({ endedBy: 'ada', outcome: 'succeeded' });
    expect(state.notes).toMatchObject([{ text: 'looked at it twice', by: 'ada' }]);
  });

  it('takes the branch that was answered', async () => {
    const run = await bench.start(
      annotated(
        '## One\n### Which\n```ask {id=which}\nquestion: Which?\nchoices: {down: Down, full: Full}\n```\n' +
          shellStep('a', 'echo a', `if="which == 'down'"`) +
          shellStep('b', 'echo b', `if="which == 'full'"`),
      ),
    );
    await bench.until(run, (state) => state.steps[0]?.status === 'waiting');
    const wrong = bench.engine.command(run, { kind: 'answer', step: 'which', answer: 'maybe' });
    expect((await problemOf(wrong)).what).toContain('maybe');
    await bench.engine.command(run, { kind: 'answer', step: 'which', answer: 'full' });
    const state = await bench.until(run, hasEnded);
    expect(statuses(state)).toEqual({ which: 'succeeded', a: 'skipped', b: 'succeeded' });
    expect(state.steps[1]?.skipped?.cause).toBe('condition');
  });

  it('runs nothing by itself in step mode, above the allowed risk, or unreviewed', async () => {
    const stepwise = await bench.start(annotated(`## One\n${shellStep('a', 'true')}`), {
      auto: false,
    });
    const risky = await bench.start(
      annotated(`## One\n${shellStep('a', 'true', 'risk=disruptive')}`),
      {
        allow: 'safe',
      },
    );
    const plain = await bench.start('# Guide\n## One\n### A\n```sh\necho hello\n```\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const run of [stepwise, risky, plain]) {
      expect(bench.state(run).steps[0]?.status).toBe('pending');
      const step = bench.state(run).steps[0]?.id ?? '';
      await bench.engine.command(run, { kind: 'start', step });
      expect((await bench.until(run, hasEnded)).ended?.outcome).toBe('succeeded');
    }
  });

  it('ends a run that is aborted while a step runs', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'sleep 60')}`));
    await bench.until(run, (state) => state.steps[0]?.status === 'running');
    await bench.engine.command(run, { kind: 'abort', reason: 'wrong window', undo: false });
    const state = await bench.until(run, hasEnded);
    expect(state.ended).toMatchObject({ outcome: 'aborted', reason: 'wrong window', by: 'ada' });
    expect(state.steps[0]?.status).toBe('cancelled');
  });

  it('keeps a note on a run that has ended', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'true')}`));
    await bench.until(run, hasEnded);
    await bench.engine.command(run, { kind: 'note', step: null, text: 'afterthought' });
    expect(bench.state(run).notes).toMatchObject([{ text: 'afterthought' }]);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });
});

describe('recovery clocks', () => {
  it('measures from the declaration to the proof, and back to the recovery point', async () => {
    const point = new Date(Date.now() - 600_000).toISOString();
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('d', 'true', 'declares')}${shellStep('r', `echo ${point}`, 'capture=POINT')}` +
          shellStep('p', 'sleep 0.2', 'proves=Database recovery-point=POINT'),
        'objectives:\n  - {component: Database, rto: 30m, rpo: 1h}\n',
      ),
    );
    const state = await bench.until(run, hasEnded);
    expect(state.recoveryPoint).toMatchObject({ at: point, step: 'p' });
    expect(state.proofs.Database?.step).toBe('p');
    const summary = bench.store.runs.get(run)?.summary;
    expect(summary).toMatchObject({
      measures: [{ component: 'Database', verdict: 'met' }],
    });
  });

  it('claims no recovery point where the value is no time', async () => {
    const run = await bench.start(
      annotated(
        `## One\n${shellStep('p', 'echo yesterday', 'capture=POINT recovery-point=POINT')}`,
      ),
    );
    const state = await bench.until(run, hasEnded);
    expect(state.recoveryPoint).toBeNull();
    expect(state.steps[0]?.attempts[0]?.problem?.code).toBe('recovery-point-unreadable');
  });
});

describe('a run that must not begin', () => {
  it.each([
    [
      'an error in the runbook',
      annotated('## One\n### A\n```sh {id=a timeout=soon}\ntrue\n```\n'),
      'runbook-has-errors',
    ],
    [
      'a missing input',
      annotated('## One\n', 'inputs:\n  NAME: {type: string}\n'),
      'inputs-invalid',
    ],
    [
      'a reserved name',
      annotated('## One\n', 'inputs:\n  LD_PRELOAD: {type: string, default: x}\n'),
      'name-reserved',
    ],
    ['an unknown range', annotated('## One\n', 'requires: {range: moon}\n'), 'range-unknown'],
    ['a target', annotated('## One\n', 'requires: {target: true}\n'), 'target-missing'],
    [
      'an unset secret',
      annotated('## One\n', 'inputs:\n  PW: {secret: "env:NOT_THERE"}\n'),
      'secret-unset',
    ],
    [
      'a missing tool',
      annotated('## One\n', 'requires: {tools: [no-such-tool-anywhere]}\n'),
      'tools-missing',
    ],
  ])('is refused: %s', async (_, text, code) => {
    expect((await problemOf(bench.start(text))).code).toBe(code);
    expect(bench.store.runs.list()).toEqual([]);
  });
});

describe('a runbook that changes or goes during a run', () => {
  it('does not change the run', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'echo kept')}`), {
      auto: false,
    });
    const { path } = bench.state(run).created;
    rmSync(path ?? '');
    await bench.reopen();
    await bench.engine.resume(run);
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    await bench.until(run, hasEnded);
    expect(bench.output(run, 'a')).toBe('kept\n');
  });

  it('fails a step plainly when the folder it runs in is gone', async () => {
    const run = await bench.start(annotated(`## One\n${shellStep('a', 'echo kept')}`), {
      auto: false,
    });
    const { path } = bench.state(run).created;
    rmSync(dirname(path ?? ''), { recursive: true });
    await bench.engine.command(run, { kind: 'start', step: 'a' });
    const state = await bench.until(run, (now) => now.steps[0]?.status === 'failed');
    expect(state.steps[0]?.attempts[0]?.problem?.code).toBe('folder-gone');
  });
});
