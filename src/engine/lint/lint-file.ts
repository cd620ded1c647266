import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { applyFixes, fixesOf } from '../../core/lint/apply-fixes.ts';
import { inOrder, lint } from '../../core/lint/lint.ts';
import type { LintFinding } from '../../core/lint/rule.ts';
import { Subject } from '../../core/lint/subject.ts';
import { MusterError } from '../../core/problem.ts';
import { openRunbook } from '../library/open-runbook.ts';
import { readRunbook } from '../library/read-runbook.ts';
import { missingLinks } from './missing-links.ts';
import { shellcheck } from './shellcheck.ts';

export interface LintOptions {
  /** Path of the program, or null to do without it. */
  shellcheck: string | null;
}

/** All findings of one file, in order of place. Never writes. Throws MusterError. */
export async function lintFile(path: string, options: LintOptions): Promise<LintFinding[]> {
  const { text, runbook } = await openRunbook(path);
  const subject = new Subject(text, runbook);
  return inOrder([
    ...lint(text, runbook),
    ...(await missingLinks(path, subject)),
    ...(options.shellcheck === null ? [] : await shellcheck(options.shellcheck, subject)),
  ]);
}

/**
 * Applies the safe fixes among the findings of one file, all others of its bytes unchanged.
 * `isWanted` chooses among them. Returns how many were applied.
 */
export async function fixFile(
  path: string,
  isWanted: (finding: LintFinding) => boolean,
): Promise<number> {
  const { text, sha256, runbook } = await openRunbook(path);
  // What is not UTF-8 was decoded with loss of its bytes.
  if (runbook.findings.some(({ rule }) => rule === 'not-utf8')) return 0;
  const fixes = fixesOf(lint(text, runbook).filter(isWanted));
  if (fixes.length === 0) return 0;
  const fixed = applyFixes(text, fixes);
  if ((await readRunbook(path)).sha256 !== sha256) throw new MusterError(changedMeanwhile(path));
  await replace(await realpath(path), fixed);
  return fixes.length;
}

/** Writes beside the file and renames, so that nobody ever reads half of it. */
async function replace(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const { mode } = await stat(path);
    await writeFile(beside, text, { encoding: 'utf8', mode, flag: 'wx' });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new MusterError({
      code: 'lint-not-written',
      what: `${path} cannot be written.`,
      safe: 'The file is as it was.',
      next: 'Ask for permission to write it and its folder, or correct it by hand.',
      place: { file: path },
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

function changedMeanwhile(path: string) {
  return {
    code: 'lint-changed-meanwhile',
    what: `${path} was changed while it was looked at.`,
    safe: 'The file was not changed by Muster.',
    next: 'Run lint --fix again.',
    place: { file: path },
  };
}
