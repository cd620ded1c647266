import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The command line is killed at random moments of a ten-step run and taken up again, until the run
 * ends. `MUSTER_KILLS=1000 npm test -- unit crash` tries more moments.
 */
const KILLS = Number(process.env.MUSTER_KILLS ?? 30);
const STEPS = 10;
/** How long the ten steps take at least, in ms. */
const STEPS_MS = 800;
/** A run is killed at most so often, then left to end. */
const KILLS_A_RUN = 6;

const cli = join(import.meta.dirname, '..', '..', 'out', 'cli', 'muster.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-crash-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  lines: string[];
}

/** Runs the command line; with `killAfter` (ms) it is killed then, if it has not ended before. */
function muster(home: string, args: string[], killAfter: number | null = null): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, MUSTER_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => {
    printed += data.toString();
  });
  const timer = killAfter === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      if (timer) clearTimeout(timer);
      resolve({ code, lines: printed.split('\n').filter((line) => line !== '') });
    });
  });
}

describe('kill -9 of the command line', () => {
  it(
    `loses no finished step and runs none twice, at ${KILLS} moments`,
    async () => {
      let kills = 0;
      let runs = 0;
      // The moments are as far apart as this machine is slow, so that not all lie in the start-up.
      const began = performance.now();
      await muster(join(folder, 'home-0'), ['runs', '--json']);
      const startMs = performance.now() - began;
      while (kills < KILLS) {
        runs += 1;
        const home = join(folder, `home-${runs}`);
        const log = join(folder, `log-${runs}`);
        writeFileSync(log, '');
        const runbook = join(folder, `runbook-${runs}.md`);
        writeFileSync(runbook, tenSteps(log));
        // The first kill comes after the run is on record, the others at any moment, start-up included.
        let id: string | null = null;
        for (let kill = 0; id === null; kill += 1) {
          const args = ['run', runbook, '--auto', '--json'];
          const after = startMs * (kill + 1) + Math.random() * STEPS_MS;
          const { lines } = await muster(home, args, after);
          kills += 1;
          id = (JSON.parse(lines[0] ?? '{}') as { run?: string }).run ?? (await onlyRun(home));
          expect(kill).toBeLessThan(10);
        }
        for (let kill = 1; kill < KILLS_A_RUN && kills < KILLS; kill += 1) {
          const { code } = await muster(
            home,
            ['resume', id, '--auto', '--json'],
            Math.random() * (startMs + STEPS_MS),
          );
          if (code !== null) break;
          kills += 1;
        }
        const last = await muster(home, ['resume', id, '--auto', '--json']);
        // 2: it had ended already when it was to be taken up again.
        expect([0, 2]).toContain(last.code);
        const [run] = JSON.parse((await muster(home, ['runs', '--json'])).lines.join('\n')) as {
          outcome: string;
          stepsDone: number;
        }[];
        expect(run).toMatchObject({ outcome: 'succeeded', stepsDone: STEPS });
        const done = readFileSync(log, 'utf8').trim().split('\n');
        expect(done).toEqual(Array.from({ length: STEPS }, (_, index) => `step-${index}`));
        const verified = await muster(home, ['verify', id, '--json']);
        expect(JSON.parse(verified.lines[0] ?? '{}')).toMatchObject({ bad: null });
      }
      console.log(`Killed ${kills} times in ${runs} runs: nothing lost, nothing twice.`);
    },
    60_000 + KILLS * 3_000,
  );
});

async function onlyRun(home: string): Promise<string | null> {
  const { lines } = await muster(home, ['runs', '--json']);
  const [run] = JSON.parse(lines.join('\n') || '[]') as { id: string }[];
  return run?.id ?? null;
}

function tenSteps(log: string): string {
  const steps = Array.from(
    { length: STEPS },
    (_, index) =>
      `### Step ${index}\n\`\`\`sh {id=step-${index} timeout=30s}\nsleep 0.05\necho step-${index} >> ${log}\nsleep 0.03\n\`\`\`\n`,
  );
  return `---\nrunbook: 1\n---\n# Ten steps\n\n## All\n${steps.join('')}`;
}
