import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { localLinks } from '../../core/lint/links.ts';
import { missingLink } from '../../core/lint/reading-rules.ts';
import type { LintFinding } from '../../core/lint/rule.ts';
import type { Subject } from '../../core/lint/subject.ts';

/** More links than this are not looked up: a text has so many only by accident. */
const MOST_LINKS = 2000;
const MOST_FOUND = 100;

/** Links of the runbook at `path` to local files that are not there. */
export async function missingLinks(path: string, subject: Subject): Promise<LintFinding[]> {
  const found: LintFinding[] = [];
  const known = new Map<string, boolean>();
  for (const { target, place } of localLinks(subject).slice(0, MOST_LINKS)) {
    if (found.length >= MOST_FOUND) break;
    // A NUL would make the look-up fail for another reason.
    if (target.includes('\0')) continue;
    const file = resolve(dirname(path), target);
    const isThere = known.get(file) ?? (await exists(file));
    known.set(file, isThere);
    if (isThere) continue;
    found.push({
      rule: missingLink.name,
      severity: missingLink.severity,
      ...place,
      message: `There is no file ${target}.`,
      remedy: 'Correct the link, or take it out.',
    });
  }
  return found;
}

/** Only what is surely not there counts; a folder that may not be read says nothing. */
function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: unknown) =>
      !(
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      ),
  );
}
