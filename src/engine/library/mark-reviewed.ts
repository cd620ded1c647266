import { MusterError } from '../../core/problem.ts';
import { applyChanges, markReviewed } from '../../core/runbook/edit.ts';
import { allSteps, type Runbook } from '../../core/runbook/model.ts';
import type { OpenedRunbook } from './open-runbook.ts';
import { parseApart } from './parse-apart.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes into the runbook that a person has reviewed the command whose fence begins on `line`. Only
 * the annotation of that fence changes. Throws MusterError, also when the file changed since it was
 * opened.
 */
export async function markCommandReviewed(opened: OpenedRunbook, line: number): Promise<void> {
  const { path, text, sha256, runbook } = opened;
  // What is not UTF-8 was decoded with loss of its bytes.
  if (runbook.findings.some(({ rule }) => rule === 'not-utf8')) throw refused(path, line);
  const change = markReviewed(text, line);
  if (change === null) throw refused(path, line);
  const marked = applyChanges(text, [change]);
  // Read again before anybody relies on it: a mark that nobody would read is worse than none.
  if (isReviewed(runbook, line) !== false || isReviewed(await parseApart(marked), line) !== true) {
    throw refused(path, line);
  }
  await replaceFile(path, sha256, marked);
}

/** Whether the action on `line` is reviewed; null where there is none that could be. */
function isReviewed(runbook: Runbook, line: number): boolean | null {
  const action = allSteps(runbook).find((step) => step.action?.line === line)?.action;
  return action !== undefined && action !== null && 'reviewed' in action ? action.reviewed : null;
}

function refused(file: string, line: number): MusterError {
  return new MusterError({
    code: 'not-marked-reviewed',
    what: `The command on line ${line} cannot be marked as reviewed here.`,
    safe: 'The file is as it was.',
    next: 'Open the file in your editor, save it as UTF-8, and write {reviewed} behind the language of the fence.',
    place: { file, line },
  });
}
