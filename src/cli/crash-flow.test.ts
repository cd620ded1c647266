import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

/**
 * Runs with parallel, listed, retried and called steps, which at their end are aborted and taken
 * back; meanwhile the command line, or the process of a step, is killed at random moments.
 * `MUSTER_KILLS=1000 npm test -- unit crash-flow` tries so many.
 */
const KILLS = Number(process.env.MUSTER_KILLS ?? 24);
/** A run is disturbed at most so often, then left to end. */
const KILLS_A_RUN = 12;
/** How long the steps of a run take together, in ms. */
const STEPS_MS = 1_200;

const cli = join(import.meta.dirname, '..', '..', 'out', 'cli', 'muster.js');
const DONE = ['a', 'b', 'c', 'flaky', 'call/x', 'call/y', 'each[1]', 'each[2]', 'each[3]', 'last'];
const UNDONE = ['a', 'b', 'c', 'call/x', 'each[1]', 'each[2]', 'each[3]', 'last'];

const summary = z.object({
  kind: z.literal('summary'),
  id: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  steps: z.array(z.object({ id: z.string(), status: z.string() })),
});
type Summary = z.infer<typeof summary>;

/** A step that says in the log what it did, in one write, and then takes a while to end. */
const step = (id: string, attributes = '') =>
  `### ${id}\n\`\`\`sh {id=${id} timeout=60s undo="sleep 0.05; echo undo \\$MUSTER_STEP >>\\$LOG; sleep 0.05" ${attributes}}\nsleep 0.05\necho $MUSTER_STEP >>$LOG\nsleep 0.05\n\`\`\`\n`.replaceAll(
    '\\$',
    '$',
  );

const main = (log: string) => `---
runbook: 1
inputs:
  LOG: {default: "${log}"}
---
# Flow

## Side by side {parallel=3}
${step('a')}${step('b')}${step('c', 'needs=a')}
### Flaky
\`\`\`sh {id=flaky timeout=60s retries=5 backoff=20ms}
[ -e $LOG.tried ] || { touch $LOG.tried; exit 1; }
echo $MUSTER_STEP >>$LOG
\`\`\`

## Within

### Call
\`\`\`runbook {id=call}
file: ./inner.md
inputs: {LOG: "\${LOG}"}
\`\`\`
${step('each', 'each="ITEM in [one, two, three]" limit=2')}
## End
${step('last')}
### Go on?
\`\`\`ask {id=hold}
question: Go on?
choices: [yes, no]
\`\`\`
`;

const inner = () => `---
runbook: 1
inputs:
  LOG: {}
---
# Inner

## P
${step('x')}
### Y
\`\`\`sh {id=y timeout=60s}
echo $MUSTER_STEP >>$LOG
\`\`\`
`;

interface Ended {
  code: number | null;
  summary: Summary | null;
}

class Trial {
  readonly home: string;
  readonly log: string;
  readonly file: string;
  id: string | null = null;
  kills = 0;

  constructor(folder: string) {
    this.home = join(folder, 'home');
    this.log = join(folder, 'log');
    this.file = join(folder, 'flow.md');
    mkdirSync(folder);
    writeFileSync(this.log, '');
    writeFileSync(this.file, main(this.log));
    writeFileSync(join(folder, 'inner.md'), inner());
  }

  get lines(): string[] {
    return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }

  muster(args: string[], disturb: (() => void) | null = null): Promise<Ended> {
    const child = spawn(process.execPath, [cli, ...args, '--json'], {
      env: { ...process.env, MUSTER_HOME: this.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (data: Buffer) => {
      printed += data.toString();
    });
    const after = Math.random() * (startMs + STEPS_MS);
    const timer = disturb
      ? setTimeout(() => {
          this.kills += 1;
          if (Math.random() < 0.7) child.kill('SIGKILL');
          else disturb();
        }, after)
      : null;
    return new Promise((resolve) => {
      child.once('close', (code) => {
        if (timer) clearTimeout(timer);
        const last = printed.split('\n').findLast((line) => line.startsWith('{"kind":"summary"'));
        const parsed = last === undefined ? null : summary.parse(JSON.parse(last));
        this.id ??= parsed?.id ?? /"run":"([^"]+)"/.exec(printed)?.[1] ?? null;
        resolve({ code, summary: parsed });
      });
    });
  }

  /** Kills the process group of one of the steps that run now, its supervisor included. */
  killAStep = (): void => {
    const spool = join(this.home, 'spool', this.id ?? '');
    if (this.id === null || !existsSync(spool)) return;
    for (const dir of readdirSync(spool)) {
      const file = join(spool, dir, 'process');
      if (!existsSync(file) || existsSync(join(spool, dir, 'exit'))) continue;
      const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
      if (!(pid > 1)) continue;
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Gone by itself meanwhile.
      }
      return;
    }
  };

  /** What a person would say of the steps that hold the run, with the log before them. */
  async resolutions(): Promise<string[]> {
    const { summary: now } = await this.muster(['resume', this.id ?? '']);
    return (now?.steps ?? []).flatMap(({ id, status }) => {
      const isDone = this.lines.includes(id.startsWith('~') ? `undo ${id}` : id);
      if (status === 'unknown') return ['--resolve', `${id}=${isDone ? 'succeeded' : 'retry'}`];
      return status === 'failed' ? ['--resolve', `${id}=${isDone ? 'skip' : 'retry'}`] : [];
    });
  }
}

let folder: string;
let startMs = 500;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-crash-flow-'));
  const began = performance.now();
  await new Trial(join(folder, 'warm')).muster(['runs']);
  startMs = performance.now() - began;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('kill -9 of the command line or of a step', () => {
  it(
    `in runs with parallel, listed, retried and called steps and undo, at ${KILLS} moments`,
    async () => {
      let kills = 0;
      let runs = 0;
      let unknown = 0;
      const all = ['--auto', '--yes', 'destructive'];
      while (kills < KILLS) {
        runs += 1;
        const trial = new Trial(join(folder, `run-${runs}`));
        const disturbed = () => (trial.kills < KILLS_A_RUN ? trial.killAStep : null);
        while (trial.id === null) await trial.muster(['run', trial.file, ...all], disturbed());
        // On until it holds at its question, whatever is killed on the way.
        let held: Summary | null = null;
        for (let turn = 0; turn < 60 && held === null; turn += 1) {
          const resolve = await trial.resolutions();
          unknown += resolve.length / 2;
          const args = ['resume', trial.id, ...all, ...resolve];
          const { summary: now } = await trial.muster(args, disturbed());
          if (now?.steps.some(({ id, status }) => id === 'hold' && status === 'waiting'))
            held = now;
        }
        expect(held?.steps.filter(({ status }) => status !== 'succeeded')).toEqual(
          [{ id: 'hold', status: 'waiting', title: undefined }].map(({ id, status }) =>
            expect.objectContaining({ id, status }),
          ),
        );
        expect(trial.lines.toSorted()).toEqual(DONE.toSorted());
        // Then back, whatever is killed on the way.
        const back = ['abort', trial.id, '--undo', '--yes', 'destructive', '--reason', 'enough'];
        let end = (await trial.muster(back, disturbed())).summary;
        for (let turn = 0; turn < 60 && end?.outcome !== 'aborted'; turn += 1) {
          const { code, summary: now } = await trial.muster(back, disturbed());
          end = now ?? end;
          if (code !== 2) continue;
          const resolve = await trial.resolutions();
          unknown += resolve.length / 2;
          end = (await trial.muster(['resume', trial.id, ...all, ...resolve], disturbed())).summary;
          if ((await trial.muster(['resume', trial.id])).code === 2) break;
        }
        const undone = trial.lines.slice(DONE.length).map((line) => line.replace('undo ~', ''));
        expect(undone.toSorted()).toEqual(UNDONE.toSorted());
        // Newest first: what came alone at the end is taken back first.
        expect(undone[0]).toBe('last');
        const verified = await trial.muster(['verify', trial.id]);
        expect(verified.code).toBe(0);
        kills += trial.kills;
      }
      console.log(
        `Killed ${kills} times in ${runs} runs with undo: nothing lost, nothing twice; ${unknown} ends were unknown.`,
      );
    },
    120_000 + KILLS * 10_000,
  );
});
