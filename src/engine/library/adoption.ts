import { access } from 'node:fs/promises';
import { adopt } from '../../core/adopt/adopt.ts';
import { MusterError } from '../../core/problem.ts';
import { compare } from '../../core/review/compare.ts';
import type { Comparison } from '../../core/review/comparison.ts';
import type { Runbook } from '../../core/runbook/model.ts';
import { writeNewFile } from './new-file.ts';
import type { OpenedRunbook } from './open-runbook.ts';

/** More copies of one guide than this are nobody's wish. */
const MOST_COPIES = 100;

/** Reading and comparing a longer text would keep everything else waiting. In characters. */
const LONGEST = 1_000_000;

/** What adopting a guide would write. */
export interface Adoption {
  /** Where; there is no such file now. */
  file: string;
  /** An earlier copy, which stays, or null. */
  earlier: string | null;
  /** What the copy says otherwise than the guide. */
  comparison: Comparison;
  /** How many guesses of it a person should confirm. */
  guesses: number;
}

/** The annotated copy of a plain guide. Throws MusterError where there can be none. */
export function annotatedCopy({ path, text, runbook }: OpenedRunbook): {
  text: string;
  runbook: Runbook;
} {
  const unreadable = runbook.findings.find(({ rule }) => rule === 'not-utf8');
  if (unreadable !== undefined) throw refused(path, unreadable.message, unreadable.remedy);
  const result = adopt(text);
  if (result.ok) return result;
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

/** Name of the copy of a guide: `guide.md` becomes `guide.runbook.md`. */
export function copyName(path: string, number = 1): string {
  const end = number === 1 ? '.runbook.md' : `.runbook-${number}.md`;
  return path.replace(/(\.md|\.markdown)?$/i, end);
}

/** Shows what `adoptGuide` would write, and writes nothing. Throws MusterError. */
export async function adoptionOf(opened: OpenedRunbook): Promise<Adoption> {
  refuseLong(opened);
  const copy = annotatedCopy(opened);
  const first = copyName(opened.path);
  const file = await freeName(opened.path);
  return {
    file,
    earlier: file === first ? null : first,
    comparison: compare(opened, copy),
    guesses: copy.runbook.findings.filter(({ rule }) => rule === 'guessed').length,
  };
}

/** Writes the annotated copy beside the guide, over no file, and returns its path. Throws MusterError. */
export async function adoptGuide(opened: OpenedRunbook): Promise<string> {
  refuseLong(opened);
  const { text } = annotatedCopy(opened);
  const file = await freeName(opened.path);
  writeNewFile(file, text);
  return file;
}

function refuseLong({ path, text }: OpenedRunbook): void {
  if (text.length <= LONGEST) return;
  throw refused(
    path,
    'It is too long to be adopted in the window.',
    'Adopt it on the command line: muster adopt FILE.',
  );
}

/** The first name for a copy that no file has; the last one tried where all have one. */
async function freeName(path: string): Promise<string> {
  for (let number = 1; number < MOST_COPIES; number += 1) {
    const name = copyName(path, number);
    const isFree = await access(name).then(
      () => false,
      () => true,
    );
    if (isFree) return name;
  }
  return copyName(path, MOST_COPIES);
}

function refused(file: string, what: string, next: string): MusterError {
  const safe = 'Nothing was written.';
  return new MusterError({ code: 'not-adopted', what, safe, next, place: { file } });
}
