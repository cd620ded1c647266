import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunState } from '../core/run/state.ts';
import { verifyRun } from './record.ts';
import { openWorkbench, type Workbench } from './testing.ts';

const head = (more = '') => `---\nrunbook: 1\n${more}---\n`;
const sh = (code: string, attributes = '') =>
  `\`\`\`sh {timeout=20s ${attributes}}\n${code}\n\`\`\`\n`;

describe.skipIf(process.platform === 'win32')('the flow of a run', () => {
  let bench: Workbench;
  beforeEach(() => {
    bench = openWorkbench();
  });
  afterEach(() => bench.close());

  const over = (state: RunState): boolean => state.ended !== null;
  const statuses = (state: RunState) => state.steps.map(({ id, status }) => [id, status]);
  const outputs = (run: string, ...steps: string[]) =>
    steps.map((step) => bench.output(run, step).trim());

  it('does the steps of a parallel phase side by side, up to its limit', async () => {
    const meet = (own: string, other: string) =>
      sh(
        `touch ${own}; i=0; until [ -e ${other} ]; do sleep 0.05; i=$((i+1)); [ $i -lt 200 ]; done; sleep 0.2`,
        `id=${own}`,
      );
    const text = `${head()}## Both {parallel=2}
### A
${meet('a', 'b')}### B
${meet('b', 'a')}### C
${sh('true', 'id=c')}`;
    const run = await bench.start(text);
    const end = await bench.until(run, over, 30_000);
    // Each of the first two waited for the other; the third had no place beside them.
    expect(end.ended?.outcome).toBe('succeeded');
    const [a, b, c] = end.steps.map(({ attempts }) => attempts[0]);
    const firstEnd = [String(a?.endedAt), String(b?.endedAt)].toSorted()[0] ?? '';
    expect(String(c?.startedAt) >= firstEnd).toBe(true);
    expect(verifyRun(bench.store, run).bad).toBeNull();
  });

  it('waits for what a step needs, and skips it where that failed', async () => {
    const text = `${head()}## P {parallel}
### A
${sh('sleep 0.3; echo a', 'id=a')}### B
${sh('false', 'id=b continue-on-error')}### C
${sh('echo c', 'id=c needs=a')}### D
${sh('echo d', 'id=d needs=b')}`;
    const run = await bench.start(text);
    const end = await bench.until(run, over);
    expect(statuses(end)).toEqual([
      ['a', 'succeeded'],
      ['b', 'failed'],
      ['c', 'succeeded'],
      ['d', 'skipped'],
    ]);
    expect(end.steps[3]?.skipped).toMatchObject({ cause: 'needs' });
    const [a, , c] = end.steps;
    expect(c?.attempts[0]?.startedAt).toBeDefined();
    expect(String(c?.attempts[0]?.startedAt) >= String(a?.attempts[0]?.endedAt)).toBe(true);
    expect(end.ended?.outcome).toBe('failed');
  });

  it('does a step once for each item, gathers captures, and hands them on as a list', async () => {
    const text = `${head('inputs:\n  REGIONS: {default: "eu, us"}\n')}## P
### Ask each
${sh('echo "v-$REGION"', 'id=ask each="REGION in REGIONS" limit=2 capture=VERSION')}### Say each
${sh('echo "got $V"', 'id=say each="V in VERSION"')}### All
${sh('echo "$VERSION"', 'id=all')}`;
    const run = await bench.start(text);
    const end = await bench.until(run, over);
    expect(statuses(end)).toEqual([
      ['ask', 'succeeded'],
      ['ask[1]', 'succeeded'],
      ['ask[2]', 'succeeded'],
      ['say', 'succeeded'],
      ['say[1]', 'succeeded'],
      ['say[2]', 'succeeded'],
      ['all', 'succeeded'],
    ]);
    expect(outputs(run, 'say[1]', 'say[2]', 'all')).toEqual([
      'got v-eu',
      'got v-us',
      '["v-eu","v-us"]',
    ]);
  });

  it('says what is wrong with a list that is none, and goes on once it was skipped', async () => {
    const text = `${head()}## P
### Find
${sh('echo "{}"; echo "[[1]]"', 'id=find capture=ITEMS')}### Each
${sh('true', 'id=each each="I in ITEMS"')}`;
    const run = await bench.start(text);
    const held = await bench.until(run, ({ steps }) => steps[1]?.status === 'failed');
    expect(held.steps[1]?.attempts[0]?.problem?.code).toBe('list-unreadable');
    await bench.engine.command(run, { kind: 'start', step: 'each' });
    await bench.until(run, ({ steps }) => steps[1]?.attempts.length === 2);
    await bench.engine.command(run, { kind: 'skip', step: 'each', reason: 'no list' });
    expect((await bench.until(run, over)).ended?.outcome).toBe('succeeded');
  });

  it('looks again until it holds, keeps every look, and gives up at the deadline', async () => {
    const text = `${head()}## P
### Count
${sh('echo x >>n; wc -l <n | tr -d " "', 'id=count capture=N until="N >= 3" interval=50ms deadline=20s')}### Never
${sh('exit 7', 'id=never until interval=50ms deadline=300ms')}`;
    const run = await bench.start(text);
    const held = await bench.until(run, ({ steps }) => steps[1]?.status === 'failed', 20_000);
    expect(held.steps[0]?.attempts.map(({ outcome }) => outcome)).toEqual([
      'not-yet',
      'not-yet',
      'succeeded',
    ]);
    expect(held.captures).toEqual({ N: '3' });
    const looks = held.steps[1]?.attempts ?? [];
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.at(-1)?.problem?.code).toBe('until-not-met');
  });

  it('does the steps of a called runbook in its place, with its own values', async () => {
    bench.runbook('');
    const folder = join(bench.home, 'runbooks');
    writeFileSync(
      join(folder, 'other.md'),
      `${head('inputs:\n  WHO: {}\n  KEY: {secret: "env:SECRET_SOURCE"}\n')}# Other\n## Inside\n### Greet
${sh('echo "hello $WHO, [$OUTER]"; echo "$KEY"', 'id=greet')}### Count
${sh('echo 42', 'id=count capture=ROWS')}`,
    );
    const text = `${head('inputs:\n  NAME: {default: ada}\n  OUTER: {default: o}\n')}## P
### Call it
\`\`\`runbook {id=call}
file: ./other.md
inputs: {WHO: "\${NAME}"}
capture: {COUNT: ROWS}
\`\`\`
### After
${sh('echo "$COUNT [$ROWS]"', 'id=after')}`;
    const run = await bench.start(text);
    const end = await bench.until(run, over);
    expect(statuses(end)).toEqual([
      ['call', 'succeeded'],
      ['call/greet', 'succeeded'],
      ['call/count', 'succeeded'],
      ['after', 'succeeded'],
    ]);
    expect(outputs(run, 'call/greet', 'after')).toEqual(['hello ada, []\n•••', '42 []']);
    expect(end.scopes.call?.inputs).toEqual({ WHO: 'ada', KEY: 'env:SECRET_SOURCE' });
    // The record holds the called text too.
    writeFileSync(join(folder, 'other.md'), '# Changed\n');
    expect(verifyRun(bench.store, run).bad).toBeNull();
    expect(end.created.called).toHaveLength(1);
  });

  it('refuses runbooks that call each other in a circle, and files that are not there', async () => {
    const call = (file: string) =>
      `${head()}## P\n### Call\n\`\`\`runbook {id=c}\nfile: ${file}\n\`\`\`\n`;
    bench.runbook('');
    const folder = join(bench.home, 'runbooks');
    writeFileSync(join(folder, 'a.md'), call('./b.md'));
    writeFileSync(join(folder, 'b.md'), call('./a.md'));
    await expect(bench.start(call('./a.md'))).rejects.toMatchObject({
      problem: { code: 'call-in-circle' },
    });
    await expect(bench.start(call('./none.md'))).rejects.toMatchObject({
      problem: { code: expect.stringMatching(/not-found|unreadable|missing/) },
    });
  });

  it('begins with a selection, gives a skipped step its turn again, and does one anew', async () => {
    const text = `${head()}## P
### A
${sh('echo a', 'id=a')}### B
${sh('echo b', 'id=b')}### C
\`\`\`ask {id=c}
question: Done?
choices: [yes]
\`\`\`
`;
    const run = await bench.start(text, { only: ['b', 'c'] });
    const waiting = await bench.until(run, ({ steps }) => steps[2]?.status === 'waiting');
    expect(waiting.steps[0]?.skipped).toMatchObject({ cause: 'selection' });
    await bench.engine.command(run, { kind: 'reopen', step: 'a', reason: 'needed after all' });
    await bench.until(run, ({ steps }) => steps[0]?.status === 'succeeded');
    await bench.engine.command(run, { kind: 'reopen', step: 'b', reason: 'once more' });
    const again = await bench.until(run, ({ steps }) => steps[1]?.attempts.length === 2);
    expect(again.steps[1]?.attempts[0]?.outcome).toBe('succeeded');
    await bench.engine.command(run, { kind: 'answer', step: 'c', answer: 'yes' });
    expect((await bench.until(run, over)).ended?.outcome).toBe('succeeded');
  });

  it('refuses to start with a step that is not there', async () => {
    await expect(bench.start(`${head()}## P\n### A\n`, { only: ['z'] })).rejects.toMatchObject({
      problem: { code: 'no-such-step' },
    });
  });

  it('pauses: nothing new begins, what runs goes on, and resume goes on', async () => {
    const text = `${head()}## P\n### A\n${sh('sleep 0.4; echo a', 'id=a')}### B\n${sh('echo b', 'id=b')}`;
    const run = await bench.start(text);
    await bench.until(run, ({ steps }) => steps[0]?.status === 'running');
    await bench.engine.command(run, { kind: 'pause', reason: 'a call' });
    const paused = await bench.until(run, ({ steps }) => steps[0]?.status === 'succeeded');
    expect(paused.steps[1]?.status).toBe('pending');
    await bench.reopen();
    await bench.engine.resume(run);
    expect(bench.state(run).paused?.reason).toBe('a call');
    await expect(bench.engine.command(run, { kind: 'start', step: 'b' })).rejects.toMatchObject({
      problem: { code: 'run-paused' },
    });
    await bench.engine.command(run, { kind: 'resume', reason: null });
    expect((await bench.until(run, over)).ended?.outcome).toBe('succeeded');
  });

  it('pauses a run that takes longer than its runbook allows, once', async () => {
    const text = `${head('timeout: 300ms\n')}## P\n### A\n${sh('sleep 0.6', 'id=a')}### B\n${sh('echo b', 'id=b')}`;
    const run = await bench.start(text);
    const paused = await bench.until(run, ({ paused }) => paused !== null);
    expect(paused.paused?.cause).toBe('timeout');
    await bench.until(run, ({ steps }) => steps[0]?.status === 'succeeded');
    await bench.engine.command(run, { kind: 'resume', reason: 'nearly done' });
    expect((await bench.until(run, over)).ended?.outcome).toBe('succeeded');
  });

  it('rehearses: says what would run, runs only what is for rehearsals, and proves nothing', async () => {
    const text = `${head('inputs:\n  KEY: {secret: "env:SECRET_SOURCE"}\nobjectives:\n  - {component: Database, rto: 1m}\n')}## P
### Destroy
${sh('touch destroyed; echo "$KEY"', 'id=destroy risk=destructive')}### Load
${sh('touch loaded', 'id=load rehearse="echo rehearsed; touch looked" proves=Database')}### By hand
- [ ] look
### Wait
\`\`\`wait {id=wait timeout=10s}
for: 8s
\`\`\`
`;
    const run = await bench.start(text, { mode: 'rehearsal' });
    const end = await bench.until(run, over);
    expect(end.ended?.outcome).toBe('succeeded');
    expect(end.proofs).toEqual({});
    const there = (name: string) => existsSync(join(bench.home, 'runbooks', name));
    expect([there('destroyed'), there('loaded'), there('looked')]).toEqual([false, false, true]);
    expect(bench.output(run, 'destroy')).toContain('Would run with sh');
    expect(bench.output(run, 'destroy')).toContain('KEY=•••');
    expect(bench.output(run, 'load').trim()).toBe('rehearsed');
    expect(bench.output(run, 'wait')).toContain('Wait 8s');
    expect(end.steps[0]?.attempts[0]?.result?.rehearsed).toBe(true);
  });
});
