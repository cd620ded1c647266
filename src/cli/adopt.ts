import { resolve as absolute } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createTwoFilesPatch } from 'diff';
import { adopt as adopted } from '../core/adopt/adopt.ts';
import { MusterError } from '../core/problem.ts';
import { type OpenedRunbook, openRunbook } from '../engine/library/open-runbook.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { writeNewFile } from './new-file.ts';

export interface AdoptOptions {
  out?: string;
  yes?: true;
}

/** `muster adopt FILE`: an annotated copy of a plain guide, shown first, as a new file. */
export async function adopt(file: string, options: AdoptOptions): Promise<ExitCode> {
  const from = process.env.INIT_CWD ?? '.';
  const opened = await openRunbook(absolute(from, file));
  const copy = copyOf(opened);
  const out = absolute(from, options.out ?? file.replace(/(\.md|\.markdown)?$/i, '.runbook.md'));
  process.stdout.write(createTwoFilesPatch(opened.path, out, opened.text, copy));
  if (options.yes !== true && !(await agreed(out))) {
    process.stdout.write('Nothing was written.\n');
    return process.stdin.isTTY ? exitCodes.ok : exitCodes.refused;
  }
  writeNewFile(out, copy);
  process.stdout.write(
    `\nWritten: ${out}\nGo through what stands in guess= and guess:; until then its commands are unreviewed.\n`,
  );
  return exitCodes.ok;
}

function copyOf({ path, text, runbook }: OpenedRunbook): string {
  const unreadable = runbook.findings.find(({ rule }) => rule === 'not-utf8');
  if (unreadable !== undefined) throw refused(path, unreadable.message, unreadable.remedy);
  const result = adopted(text);
  if (result.ok) return result.text;
  if (result.why === 'already') {
    throw refused(path, 'It is a Muster runbook already.', 'Edit it as it is.');
  }
  const first = result.findings[0];
  throw refused(
    path,
    `Its copy would not be a runbook that can run: ${first?.message ?? 'it cannot be read'}`,
    first?.remedy ?? 'Open it and see what Muster reads in it.',
  );
}

function refused(file: string, what: string, next: string): MusterError {
  const safe = 'Nothing was written.';
  return new MusterError({ code: 'not-adopted', what, safe, next, place: { file } });
}

async function agreed(out: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('Nobody is there to ask: add --yes to write the copy.\n');
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const gone = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(`\nWrite ${out}? [y/N] `), gone]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
