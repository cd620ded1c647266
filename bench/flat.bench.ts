import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goal } from './measure.ts';

/**
 * Whether a long run costs more memory the longer it goes on: the command line runs 10,000 steps that
 * do nothing, one after the other and 50 side by side, and what it has resident is taken at a tenth
 * of them and at the end. Goal: at most 1.5 times, which leaves room for the record of what was done.
 */
const STEPS = 10_000;

const cli = join(import.meta.dirname, '..', 'out', 'cli', 'muster.js');
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));

function runbook(wide: number): string {
  const file = join(folder, 'steps.md');
  const fences = Array.from(
    { length: STEPS },
    (_, index) => `### Step ${index}\n\`\`\`sh {id=s${index} timeout=10s}\n:\n\`\`\`\n`,
  );
  const attributes = wide > 1 ? ` {parallel=${wide}}` : '';
  writeFileSync(file, `---\nrunbook: 1\n---\n# Steps\n\n## All${attributes}\n${fences.join('')}`);
  return file;
}

/** Resident memory of a process in MB. */
function resident(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function measured(wide: number): Promise<{ early: number; late: number; ms: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [cli, 'run', runbook(wide), '--auto', '--json'], {
    env: { ...process.env, MUSTER_HOME: join(folder, `home-${wide}`) },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 1_500_000,
  });
  let ended = 0;
  let early = 0;
  let late = 0;
  for await (const text of child.stdout.setEncoding('utf8')) {
    ended += String(text).split('"kind":"step.ended"').length - 1;
    if (ended < STEPS / 10) early = Math.max(early, resident(child.pid ?? 0));
    else if (ended < STEPS) late = Math.max(late, resident(child.pid ?? 0));
  }
  if (ended < STEPS) throw new Error(`Only ${ended} of ${STEPS} steps ended`);
  return { early, late, ms: performance.now() - began };
}

if (process.platform === 'linux') {
  try {
    for (const wide of [1, 50]) {
      const { early, late, ms } = await measured(wide);
      console.log(`${STEPS} steps, ${wide} at a time, in ${(ms / 1000).toFixed(0)} s`);
      console.log(`memory up to a tenth  ${early.toFixed(0)} MB`);
      console.log(`memory until the end  ${late.toFixed(0)} MB`);
      goal('memory at the end / at a tenth', late / early, 'times', { atMost: 1.5 });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.log("Another process's memory is read from /proc alone: not measured.");
}
