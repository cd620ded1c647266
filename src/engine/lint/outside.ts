import type { LintFinding } from '../../core/lint/rule.ts';
import type { Subject } from '../../core/lint/subject.ts';
import { missingLinks } from './missing-links.ts';
import { shellcheck } from './shellcheck.ts';

export interface OutsideOptions {
  /** Path of the program, or null to do without it. */
  shellcheck: string | null;
  /** Ends the work early, with what was found so far. */
  signal?: AbortSignal;
}

/** What lint can only find outside of the text: links to nowhere, and what shellcheck says. */
export async function outsideFindings(
  path: string,
  subject: Subject,
  { shellcheck: program, signal }: OutsideOptions,
): Promise<LintFinding[]> {
  const links = await missingLinks(path, subject);
  return program === null ? links : [...links, ...(await shellcheck(program, subject, signal))];
}
