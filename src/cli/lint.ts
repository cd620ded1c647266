import { stat } from 'node:fs/promises';
import { resolve as absolute, relative } from 'node:path';
import { version } from '../../package.json';
import type { LintFinding } from '../core/lint/rule.ts';
import { allRules, ruleNamed } from '../core/lint/rules.ts';
import { toSarif } from '../core/lint/sarif.ts';
import { MusterError, type Problem, toProblem } from '../core/problem.ts';
import { scanFolder } from '../engine/library/scan.ts';
import { fixFile, lintFile } from '../engine/lint/lint-file.ts';
import { findShellcheck } from '../engine/lint/shellcheck.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { describeProblem } from './words.ts';

export interface LintCommandOptions {
  json?: true;
  sarif?: true;
  fix?: true;
  strict?: true;
  /** Names of rules; empty for all. */
  rule: string[];
}

interface Linted {
  name: string;
  findings: LintFinding[];
}

/** `muster lint PATH…`: what is wrong in runbooks, or could be better. */
export async function lint(paths: string[], options: LintCommandOptions): Promise<ExitCode> {
  refuseUnfit(options);
  const { files, problems } = await filesOf(paths);
  const program = await findShellcheck(process.env.PATH);
  const isWanted = ({ rule }: LintFinding): boolean =>
    options.rule.length === 0 || options.rule.includes(rule);
  const linted: Linted[] = [];
  let fixed = 0;
  for (const path of files) {
    try {
      if (options.fix) fixed += await fixFile(path, isWanted);
      const findings = (await lintFile(path, { shellcheck: program })).filter(isWanted);
      linted.push({ name: shownName(path), findings });
    } catch (error) {
      problems.push(toProblem(error));
    }
  }
  const all = linted.flatMap(({ findings }) => findings);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const counts = { files: linted.length, errors, warnings: all.length - errors, fixed };
  const answer = options.json
    ? JSON.stringify(
        { ...counts, shellcheck: program !== null, findings: flat(linted), problems },
        null,
        2,
      )
    : options.sarif
      ? JSON.stringify(toSarif(linted, allRules, version), null, 2)
      : describe(linted, counts);
  process.stdout.write(`${answer}\n`);
  for (const problem of problems) process.stderr.write(`${describeProblem(problem)}\n`);
  // What could not be looked at must not pass for good.
  if (problems.length > 0) return exitCodes.refused;
  return errors > 0 || (options.strict && all.length > 0) ? exitCodes.failed : exitCodes.ok;
}

function refuseUnfit(options: LintCommandOptions): void {
  const refuse = (what: string, next: string): never => {
    throw new MusterError({ code: 'bad-arguments', what, safe: 'Nothing was changed.', next });
  };
  if (options.json && options.sarif) {
    refuse('--json and --sarif are two answers.', 'Give one of them.');
  }
  for (const name of options.rule) {
    if (ruleNamed(name) === undefined && !/^shellcheck\/SC\d{4}$/.test(name)) {
      refuse(`There is no rule "${name}".`, 'See docs/lint-rules.md for the names.');
    }
  }
}

/** The Markdown files that the paths name, each once. A path that is not there ends the command. */
async function filesOf(paths: string[]): Promise<{ files: string[]; problems: Problem[] }> {
  const files = new Set<string>();
  const problems: Problem[] = [];
  for (const given of paths) {
    const path = absolute(process.env.INIT_CWD ?? '.', given);
    const stats = await stat(path).catch(() => null);
    if (stats === null) {
      throw new MusterError({
        code: 'bad-arguments',
        what: `There is no file or folder ${path}.`,
        safe: 'Nothing was changed.',
        next: 'Correct the path.',
        place: { file: path },
      });
    }
    if (!stats.isDirectory()) {
      files.add(path);
      continue;
    }
    const scan = await scanFolder(path);
    for (const file of scan.files) files.add(file.path);
    problems.push(...scan.problems);
  }
  return { files: [...files], problems };
}

/** As a person in this folder would write it. */
function shownName(path: string): string {
  const from = relative(absolute(process.env.INIT_CWD ?? '.'), path);
  return from === '' || from.startsWith('..') ? path : from;
}

function flat(linted: readonly Linted[]): object[] {
  return linted.flatMap(({ name, findings }) =>
    findings.map(({ fix, ...finding }) => ({ file: name, ...finding, fixable: fix !== undefined })),
  );
}

function describe(
  linted: readonly Linted[],
  {
    files,
    errors,
    warnings,
    fixed,
  }: { files: number; errors: number; warnings: number; fixed: number },
): string {
  const lines = linted.flatMap(({ name, findings }) =>
    findings.flatMap(({ line, column, severity, rule, message, remedy }) => [
      `${name}:${line}:${column} ${severity} ${rule} ${message}`,
      `  ${remedy}`,
    ]),
  );
  if (lines.length > 0) lines.push('');
  if (fixed > 0) lines.push(`${count(fixed, 'finding')} fixed.`);
  const fixable = linted.flatMap(({ findings }) => findings).filter(({ fix }) => fix !== undefined);
  lines.push(
    `${count(errors, 'error')} and ${count(warnings, 'warning')} in ${count(files, 'file')}.`,
  );
  if (fixable.length > 0) lines.push(`lint --fix can put ${fixable.length} of them right.`);
  return lines.join('\n');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
