import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { LintFinding } from '../../core/lint/rule.ts';
import type { ShellStep, Subject } from '../../core/lint/subject.ts';
import type { ShellAction } from '../../core/runbook/model.ts';

/** How many run at once, how long one may take (ms), and how much it may say (characters). */
const AT_ONCE = 4;
const PATIENCE_MS = 20_000;
const MOST_OUTPUT = 4_000_000;
/** More of one rule than this in one file say nothing new. */
const MOST_PER_RULE = 100;
/** Code that is longer was generated. */
const LONGEST_CODE = 200_000;

/**
 * What does not hold for steps: they run with -e, get inputs from outside, and other files are
 * looked at nowhere. Variables without a value have a rule of our own, and `a= b=` is how several
 * are emptied at once. SC1072 only says that there was another one.
 */
const EXCLUDED = [
  'SC1007',
  'SC1072',
  'SC1090',
  'SC1091',
  'SC1128',
  'SC2034',
  'SC2148',
  'SC2154',
  'SC2164',
];

const answerSchema = z.object({
  comments: z.array(
    z.object({
      line: z.number().int(),
      column: z.number().int(),
      code: z.number().int(),
      message: z.string(),
    }),
  ),
});
type Comment = z.infer<typeof answerSchema>['comments'][number];

/** Path of the program, or null where it is not installed. */
export async function findShellcheck(path: string | undefined): Promise<string | null> {
  const names = process.platform === 'win32' ? ['shellcheck.exe'] : ['shellcheck'];
  // An empty entry would mean the folder of the moment, which may hold anybody's programs.
  for (const folder of (path ?? '').split(delimiter).filter((entry) => entry !== '')) {
    for (const name of names) {
      const file = join(folder, name);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
  }
  return null;
}

/**
 * What shellcheck says to the commands of a runbook, at their places in the file. Nothing more is
 * begun once `signal` is given.
 */
export async function shellcheck(
  program: string,
  subject: Subject,
  signal?: AbortSignal,
): Promise<LintFinding[]> {
  const steps = subject.shell.filter(({ action }) => action.code.length <= LONGEST_CODE);
  const found: LintFinding[][] = steps.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next; i < steps.length && !signal?.aborted; i = next) {
      next += 1;
      const step = steps[i];
      if (step === undefined) return;
      const comments = await check(program, step.action, signal);
      found[i] = comments.map((comment) => findingOf(comment, step, subject));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const counts = new Map<string, number>();
  return found.flat().filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MOST_PER_RULE;
  });
}

function findingOf(comment: Comment, step: ShellStep, subject: Subject): LintFinding {
  const place = step.place(offsetOf(step.action.code, comment.line, comment.column));
  const line = Math.max(1, Math.min(place.line, subject.lines.length));
  return {
    rule: `shellcheck/SC${comment.code}`,
    severity: 'warning',
    line,
    column: Math.max(1, Math.min(place.column, subject.line(line).length + 1)),
    message: comment.message.trim().replace(/(?<![.!?])$/, '.'),
    remedy: `See SC${comment.code} in the wiki of shellcheck.`,
  };
}

/** Offset of a line and a column, both from 1. */
function offsetOf(code: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i += 1) {
    const newline = code.indexOf('\n', start);
    if (newline < 0) break;
    start = newline + 1;
  }
  return Math.min(code.length, start + Math.max(0, column - 1));
}

/** One run of the program. What cannot be run or read says nothing. */
function check(
  program: string,
  { language, code }: ShellAction,
  signal: AbortSignal | undefined,
): Promise<Comment[]> {
  return new Promise((resolve) => {
    const child = spawn(
      program,
      ['--norc', '-f', 'json1', '-S', 'info', '-s', language, '-e', EXCLUDED.join(','), '-'],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
        // Options of the user's own would change what is found from one machine to the next.
        env: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
        windowsHide: true,
        ...(signal && { signal }),
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      if (output.length < MOST_OUTPUT) output += chunk;
    });
    // A program that ends before it has read everything closes its end.
    child.stdin.on('error', () => undefined);
    child.once('error', () => resolve([]));
    child.once('close', () => resolve(commentsOf(output)));
    child.stdin.end(code);
  });
}

function commentsOf(output: string): Comment[] {
  try {
    return answerSchema.parse(JSON.parse(output)).comments;
  } catch {
    return [];
  }
}
