import { applyFixes, fixesOf } from '../../core/lint/apply-fixes.ts';
import { inOrder, lint } from '../../core/lint/lint.ts';
import type { LintFinding } from '../../core/lint/rule.ts';
import { Subject } from '../../core/lint/subject.ts';
import { openRunbook } from '../library/open-runbook.ts';
import { replaceFile } from '../library/replace-file.ts';
import { type OutsideOptions, outsideFindings } from './outside.ts';

/** All findings of one file, in order of place. Never writes. Throws MusterError. */
export async function lintFile(path: string, options: OutsideOptions): Promise<LintFinding[]> {
  const { text, runbook } = await openRunbook(path);
  const subject = new Subject(text, runbook);
  return inOrder([...lint(text, runbook), ...(await outsideFindings(path, subject, options))]);
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
  await replaceFile(path, sha256, applyFixes(text, fixes));
  return fixes.length;
}
