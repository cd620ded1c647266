import { resolve as absolute } from 'node:path';
import { version } from '../../package.json';
import { readable } from '../core/ledger/readable.ts';
import { toProblem } from '../core/problem.ts';
import { type Comparison, isSame, type SectionChange } from '../core/review/comparison.ts';
import type { ReviewState } from '../core/review/state.ts';
import { reviewSentence, reviewStateWords } from '../core/review/words.ts';
import { markdownIn } from '../engine/exports.ts';
import { openRunbook } from '../engine/library/open-runbook.ts';
import { approve, changedSinceReview, reviewOf, verifyReviews } from '../engine/reviews.ts';
import type { Store } from '../store/open.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { describeProblem, zone } from './words.ts';
import { openWorkplace, operatorName } from './workplace.ts';

export interface ReviewOptions {
  approve?: true;
  comment?: string;
  due?: true;
  verify?: true;
  json?: true;
}

/** `muster review`: of one file, of all that are due, or of the ledger itself. */
export async function review(paths: string[], options: ReviewOptions): Promise<ExitCode> {
  const store = openWorkplace();
  const from = process.env.INIT_CWD ?? '.';
  const files = paths.map((path) => absolute(from, path));
  try {
    if (options.verify) return verify(store, options);
    if (options.due) return await due(store, files, options);
    const [file, ...more] = files;
    if (file === undefined || more.length > 0) {
      process.stderr.write('Name one Markdown file, or use --due or --verify.\n');
      return exitCodes.refused;
    }
    return await one(store, file, options);
  } finally {
    store.close();
  }
}

async function one(store: Store, file: string, options: ReviewOptions): Promise<ExitCode> {
  const opened = await openRunbook(file);
  if (options.approve) {
    approve(store, opened, { by: operatorName(), comment: options.comment ?? '', version });
  }
  const state = reviewOf(store, opened);
  const changed = state.state === 'changed' ? await changedSinceReview(store, opened) : null;
  if (options.json) {
    const comparison = changed?.comparison ?? null;
    const { path, sha256 } = opened;
    process.stdout.write(`${JSON.stringify({ path, sha256, ...state, comparison }, null, 2)}\n`);
  } else {
    const lines = [reviewSentence(state, zone)];
    const comment = state.review?.comment ?? '';
    if (comment !== '') lines.push(`  ${readable(comment)}`);
    if (changed !== null) lines.push('', ...differenceLines(changed.comparison));
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return isDue(state) ? exitCodes.failed : exitCodes.ok;
}

/** Lists what was never reviewed, changed since, or is overdue. */
async function due(store: Store, given: string[], options: ReviewOptions): Promise<ExitCode> {
  const paths = given.length > 0 ? given : store.folders.list().map(({ path }) => path);
  const { files, problems } = await markdownIn(paths);
  const found: ({ path: string; title: string } & ReviewState)[] = [];
  for (const file of files) {
    try {
      const opened = await openRunbook(file);
      const { state, review, isPastDue } = reviewOf(store, opened);
      const { title } = opened.runbook;
      if (state !== 'reviewed') found.push({ path: file, title, state, review, isPastDue });
    } catch (error) {
      problems.push(toProblem(error));
    }
  }
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ files: files.length, due: found, problems }, null, 2)}\n`,
    );
  } else {
    for (const entry of found) {
      process.stdout.write(
        `${reviewStateWords[entry.state]}: ${entry.path}\n  ${reviewSentence(entry, zone)}\n`,
      );
    }
    for (const problem of problems) process.stderr.write(`${describeProblem(problem)}\n`);
    const counted = files.length === 1 ? '1 runbook' : `${files.length} runbooks`;
    process.stdout.write(`${counted}, ${found.length} to review.\n`);
  }
  return found.some(isDue) ? exitCodes.failed : exitCodes.ok;
}

function verify(store: Store, options: ReviewOptions): ExitCode {
  const check = verifyReviews(store);
  const { bad, events, head } = check;
  if (options.json) process.stdout.write(`${JSON.stringify(check)}\n`);
  else if (bad) process.stdout.write(`Review ${bad.seq} does not verify: ${bad.why}\n`);
  else process.stdout.write(`All ${events} reviews verify. Head: ${head ?? 'none'}\n`);
  return bad ? exitCodes.failed : exitCodes.ok;
}

function isDue({ state }: ReviewState): boolean {
  return state === 'changed' || state === 'overdue';
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

/** The difference by step, as `diff` users read it. */
function differenceLines(comparison: Comparison): string[] {
  if (isSame(comparison)) return ['Nothing changed.'];
  const lines = [...comparison.unseen];
  for (const section of comparison.sections) {
    if (section.change === 'same' && section.movedFrom === null) continue;
    lines.push(headOf(section));
    if (section.titleBefore !== null) lines.push(`  It was called "${section.titleBefore}".`);
    if (section.movedFrom !== null) lines.push(`  It stood at ${section.movedFrom}.`);
    for (const { kind, text } of section.lines) {
      if (kind !== 'same') lines.push(`  ${signs[kind]} ${readable(text)}`);
    }
  }
  return lines;
}

function headOf({ kind, change, title, line }: SectionChange): string {
  const name = kind === 'intro' ? 'Front matter and introduction' : title;
  return `${change === 'same' ? 'moved' : change}: ${readable(name)} (line ${line})`;
}
