import { resolve as absolute } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createTwoFilesPatch } from 'diff';
import { annotatedCopy, copyName } from '../engine/library/adoption.ts';
import { writeNewFile } from '../engine/library/new-file.ts';
import { openRunbook } from '../engine/library/open-runbook.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface AdoptOptions {
  out?: string;
  yes?: true;
}

/** `muster adopt FILE`: an annotated copy of a plain guide, shown first, as a new file. */
export async function adopt(file: string, options: AdoptOptions): Promise<ExitCode> {
  const from = process.env.INIT_CWD ?? '.';
  const opened = await openRunbook(absolute(from, file));
  const { text: copy } = annotatedCopy(opened);
  const out = absolute(from, options.out ?? copyName(file));
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
