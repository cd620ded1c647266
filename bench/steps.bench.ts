import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goal, median, times } from './measure.ts';

/**
 * What a step costs: 1,000 steps of `true` through the command line, against a plain shell loop
 * that starts the same program, and against Ansible's local tasks where Ansible is installed.
 * Goals: at most 5 ms of ours a step, and at least 25 times less than Ansible's.
 */
const STEPS = 1_000;
/** Ansible is so much slower that fewer tasks tell its cost a task well enough. */
const TASKS = 60;

const cli = join(import.meta.dirname, '..', 'out', 'cli', 'muster.js');
const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));

function timed(file: string, args: string[], env: Record<string, string> = {}): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 600_000,
  });
  const took = performance.now() - began;
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return took;
}

function runbook(steps: number): string {
  const file = join(folder, `steps-${steps}.md`);
  const fences = Array.from(
    { length: steps },
    (_, index) => `### Step ${index}\n\`\`\`sh {id=s${index} timeout=10s}\n/bin/true\n\`\`\`\n`,
  );
  writeFileSync(file, `---\nrunbook: 1\n---\n# Steps\n\n## All\n${fences.join('')}`);
  return file;
}

function playbook(tasks: number): string {
  const file = join(folder, `tasks-${tasks}.yml`);
  const list = Array.from({ length: tasks }, () => '    - command: /bin/true\n').join('');
  writeFileSync(
    file,
    `- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n${list}`,
  );
  return file;
}

let homes = 0;
const muster = (steps: number): number => {
  homes += 1;
  const env = { MUSTER_HOME: join(folder, `home-${homes}`) };
  return timed(process.execPath, [cli, 'run', runbook(steps), '--auto', '--json'], env);
};
// A new shell for each, as a step has one of its own.
const loop = `i=0; while [ $i -lt ${STEPS} ]; do /bin/sh -ec /bin/true; i=$((i+1)); done`;

try {
  const ours = median(times(3, () => muster(STEPS)));
  const start = median(times(3, () => muster(1)));
  const shell = median(times(3, () => timed('/bin/sh', ['-c', loop])));
  const oursPerStep = (ours - shell) / STEPS;
  console.log(
    `muster, ${STEPS} steps      ${ours.toFixed(0)} ms (one step: ${start.toFixed(0)} ms)`,
  );
  console.log(`shell loop, ${STEPS} times  ${shell.toFixed(0)} ms`);
  goal('ours a step', oursPerStep, 'ms', { atMost: 5 });
  if (spawnSync('ansible-playbook', ['--version']).status === 0) {
    const play = (tasks: number): number =>
      timed('ansible-playbook', ['-i', 'localhost,', playbook(tasks)]);
    const perTask = (play(TASKS + 1) - play(1)) / TASKS - shell / STEPS;
    console.log(`ansible, a task        ${perTask.toFixed(1)} ms over the shell's`);
    goal('ansible / ours', perTask / oursPerStep, 'times', { atLeast: 25 });
  } else {
    console.log('ansible is not installed: not compared');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
