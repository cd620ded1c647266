import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The command line as it was built, in a home of its own. */

export const cli = join(import.meta.dirname, '..', '..', '..', 'out', 'cli', 'muster.js');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** An empty folder that goes with the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** Writes a runbook into a folder of its own and returns its path. */
export function runbook(text: string | Uint8Array, name = 'runbook.md'): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

/** A runbook in Muster's own format from the body of its phases. */
export function annotated(body: string): string {
  return `---\nrunbook: 1\n---\n# A runbook\n\n## All\n${body}`;
}

/** One shell step. */
export function shellStep(id: string, code: string, attributes = 'timeout=1m'): string {
  return `### Step ${id}\n\`\`\`sh {id=${id} ${attributes}}\n${code}\n\`\`\`\n`;
}

/** Starts a command; it is ended with the test at the latest. */
export function start(home: string, args: string[]): { child: ChildProcess; end: Promise<Ended> } {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, MUSTER_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const end = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, end };
}

/** Runs a command to its end. */
export function muster(home: string, ...args: string[]): Promise<Ended> {
  return start(home, args).end;
}

/** What a command with `--json` printed: every line has to be JSON. */
export function lines(out: string): unknown[] {
  const all = out.split('\n');
  if (all.pop() !== '') throw new Error('The last line is not whole.');
  return all.map((line) => JSON.parse(line) as unknown);
}

export interface Summary {
  kind: 'summary';
  id: string;
  state: string;
  outcome: string | null;
  steps: { id: string; status: string; attempts: number; exitCode: number | null }[];
  problem: { code: string; what: string; safe: string; next: string } | null;
}

/** The last line of `run --json` and `resume --json`. */
export function summary(out: string): Summary {
  return lines(out).at(-1) as Summary;
}

/** Waits until `holds`; fails after `ms`. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
