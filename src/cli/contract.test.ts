import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  annotated,
  cli,
  folder,
  lines,
  muster,
  runbook,
  shellStep,
  start,
  summary,
  until,
} from './test/muster.ts';

/** What programs that call `muster` rely on: exit codes, and lines of JSON. */

const two = annotated(shellStep('a', 'echo one') + shellStep('b', 'echo two'));
const asking = annotated(
  `${shellStep('a', 'echo one')}### Which way?\n\`\`\`ask {id=way}\nquestion: Which way?\nchoices: [left, right]\n\`\`\`\n### Look\n- [ ] look\n`,
);
const guide = '# A guide\n\n## First\n### Look\n```sh\necho looked\n```\n';

interface Listed {
  id: string;
  outcome: string | null;
  driver: string;
  stepsDone: number;
}

async function listed(home: string): Promise<Listed[]> {
  return JSON.parse((await muster(home, 'runs', '--json')).out) as Listed[];
}

describe('exit codes', () => {
  it('0: all steps succeeded; the run stands in the list and its report can be made', async () => {
    const home = folder();
    const { code, out, err } = await muster(home, 'run', runbook(two), '--auto', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const events = lines(out) as { seq?: number }[];
    const numbers = events.flatMap(({ seq }) => seq ?? []);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const { id, outcome, steps } = summary(out);
    expect(outcome).toBe('succeeded');
    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await listed(home)).toMatchObject([{ id, outcome: 'succeeded', stepsDone: 2 }]);
    for (const [format, begins] of [
      ['html', '<!doctype html>'],
      ['md', '# '],
      ['json', '{'],
    ] as const) {
      const report = await muster(home, 'report', id, '--format', format);
      expect(report.code).toBe(0);
      expect(report.out.startsWith(begins)).toBe(true);
    }
    const verified = await muster(home, 'verify', id, '--json');
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ bad: null, events: numbers.length });
  });

  it('1: a step failed, and the words say how to go on; then it goes on', async () => {
    const home = folder();
    const file = runbook(
      annotated(shellStep('a', 'test -e "$HOME/mended"') + shellStep('b', 'ls')),
    );
    const { code, out } = await muster(home, 'run', file, '--auto');
    expect(code).toBe(1);
    const [{ id } = { id: '' }] = await listed(home);
    expect(out).toContain(`${file}:7: "Step a" ended with exit code 1.`);
    expect(out).toContain('Later steps have not run.');
    expect(out).toContain(`muster resume ${id} --resolve a=retry|skip`);
    const resumed = await muster(home, 'resume', id, '--resolve', 'a=skip', '--auto', '--json');
    expect(resumed.code).toBe(0);
    expect(summary(resumed.out).steps.map(({ status }) => status)).toEqual([
      'skipped',
      'succeeded',
    ]);
  });

  it('3: a person is needed, with the option that speaks for one', async () => {
    const home = folder();
    const first = await muster(home, 'run', runbook(asking), '--auto', '--json');
    expect(first.code).toBe(3);
    const { id, problem } = summary(first.out);
    expect(problem?.next).toContain('--answer way=VALUE');
    const second = await muster(home, 'resume', id, '--answer', 'way=left', '--json');
    expect(second.code).toBe(3);
    expect(summary(second.out).problem?.next).toContain('--answer look=done');
    const third = await muster(home, 'resume', id, '--answer', 'look=done', '--json');
    expect(third.code).toBe(0);
    const again = await muster(home, 'resume', id);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('has ended.\nIts record is complete and unchanged.');
  });

  it('3: a step above the allowed risk waits, and says which --yes would run it', async () => {
    const step = shellStep('a', 'echo gone', 'timeout=1m risk=disruptive');
    const home = folder();
    const file = runbook(annotated(step));
    const { code, out } = await muster(home, 'run', file, '--auto', '--json');
    expect(code).toBe(3);
    expect(summary(out).problem?.next).toContain('--yes disruptive');
    expect((await muster(home, 'run', file, '--yes', 'disruptive')).code).toBe(0);
  });

  it('3: a plain guide stops at a command nobody reviewed, whatever is allowed', async () => {
    const home = folder();
    const file = runbook(guide);
    const { code, out } = await muster(home, 'run', file, '--auto', '--yes', 'destructive');
    expect(code).toBe(3);
    expect(out).toContain(`${file}:4: "Look" (look) was never reviewed`);
    expect(out).not.toContain('looked\n');
    const shown = await muster(home, 'show', file, '--json');
    expect(shown.code).toBe(0);
    const { phases } = JSON.parse(shown.out) as {
      phases: { steps: { id: string; line: number; actions: unknown[] }[] }[];
    };
    expect(phases[0]?.steps[0]).toMatchObject({
      id: 'look',
      line: 4,
      actions: [{ kind: 'shell', language: 'sh', line: 5, reviewed: false }],
    });
  });

  // Of a service manager, a log-out, Ctrl-C.
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '130: %s lets go of the run, what runs goes on, and resume takes it up',
    async (signal) => {
      const home = folder();
      const file = runbook(
        annotated(shellStep('a', 'for n in 1 2 3 4; do echo $n; sleep 0.4; done')),
      );
      const { child, end } = start(home, ['run', file, '--auto', '--json']);
      await until(async () => (await listed(home))[0]?.driver === 'elsewhere');
      child.kill(signal);
      const first = await end;
      expect(first.code).toBe(130);
      expect(summary(first.out)).toMatchObject({ state: 'interrupted', outcome: null });
      const resumed = await muster(home, 'resume', summary(first.out).id, '--json');
      expect(resumed.code).toBe(0);
      expect(summary(resumed.out).steps).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
      const report = await muster(home, 'report', summary(first.out).id, '--format', 'md');
      expect(report.out).toMatch(/1\n\s*2\n\s*3\n\s*4/);
    },
  );
});

describe('a run that somebody drives', () => {
  it('is refused to another, who is told by whom', async () => {
    const home = folder();
    const { child, end } = start(home, [
      'run',
      runbook(annotated(shellStep('a', 'sleep 30'))),
      '--auto',
    ]);
    await until(async () => (await listed(home))[0]?.driver === 'elsewhere');
    const [{ id } = { id: '' }] = await listed(home);
    const { code, err } = await muster(home, 'resume', id);
    expect(code).toBe(2);
    expect(err).toMatch(
      new RegExp(`^Run ${id} is driven by a command line on .* \\(process ${child.pid}\\)`),
    );
    expect(err).toContain('That one goes on undisturbed.');
    child.kill('SIGTERM');
    expect((await end).code).toBe(130);
  });
});

describe('pipes', () => {
  const shell = (line: string, home: string) =>
    new Promise<{ out: string; err: string }>((resolve) => {
      const command = `set -o pipefail; ${line}; echo "code \${PIPESTATUS[0]}"`;
      const child = spawn('bash', ['-c', command, 'bash', process.execPath, cli], {
        env: { ...process.env, MUSTER_HOME: home },
      });
      const said = { out: '', err: '' };
      child.stdout.on('data', (data: Buffer) => {
        said.out += data.toString();
      });
      child.stderr.on('data', (data: Buffer) => {
        said.err += data.toString();
      });
      child.once('close', () => resolve(said));
    });

  it('a reader that goes away ends a listing quietly', async () => {
    const steps = Array.from({ length: 3_000 }, (_, index) => `### Step ${index}\nText.\n`);
    const file = runbook(`# Long\n\n## All\n${steps.join('')}`);
    const { out, err } = await shell(`"$1" "$2" show '${file}' --json | head -1`, folder());
    expect({ out, err }).toEqual({ out: '{\ncode 0\n', err: '' });
  });

  it('a reader that goes away lets go of a run, which can be resumed', async () => {
    const home = folder();
    const steps = Array.from({ length: 5 }, (_, index) =>
      shellStep(`s${index}`, `sleep 0.2; echo ${index}`),
    );
    const file = runbook(annotated(steps.join('')));
    const { out, err } = await shell(`"$1" "$2" run '${file}' --auto | head -1`, home);
    expect({ out, err }).toEqual({ out: 'A runbook\ncode 130\n', err: '' });
    const [{ id, outcome } = { id: '', outcome: '' }] = await listed(home);
    expect(outcome).toBeNull();
    const resumed = await muster(home, 'resume', id, '--auto', '--json');
    expect(resumed.code).toBe(0);
    expect(summary(resumed.out).steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
  });

  it('closed standard input is nobody to ask', async () => {
    const home = folder();
    const { out } = await shell(`"$1" "$2" run '${runbook(asking)}' --auto <&-`, home);
    expect(out).toContain('needs an answer');
    expect(out).toContain('code 3');
  });
});
