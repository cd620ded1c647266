import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { RestoreSpec } from '../../core/actions/kinds/postgres.ts';
import { MusterError, type Problem } from '../../core/problem.ts';
import type { StepContext } from '../steps/structured.ts';
import { type CheckedDump, dumpStream } from './check-dump.ts';
import { runChild } from './child.ts';
import { findProgram } from './programs.ts';

type LoadContext = Pick<
  StepContext<RestoreSpec>,
  'spec' | 'cwd' | 'signal' | 'log' | 'progress' | 'step'
> & { env: Record<string, string> };

/**
 * Loads a checked dump into the empty database that `env` names, and stops at its first error.
 * Rejects with MusterError, or with the signal's reason.
 */
export async function loadDump(
  context: LoadContext,
  dump: CheckedDump,
  serverMajor: number,
  env: Record<string, string>,
): Promise<void> {
  const loading = { ...context, env };
  if (dump.format === 'custom') await loadArchive(loading, dump.entries ?? 0, serverMajor);
  else await loadPlain(loading, dump.format, serverMajor);
}

async function loadArchive(
  { spec, cwd, signal, log, progress, env }: LoadContext,
  entries: number,
  serverMajor: number,
): Promise<void> {
  const program = await findProgram('pg_restore', serverMajor, env.PATH);
  const file = resolve(cwd, spec.restore);
  let done = 0;
  const { exitCode, lines } = await runChild({
    file: program.path,
    args: [
      '--no-password',
      '--verbose',
      '--exit-on-error',
      `--dbname=${env.PGDATABASE}`,
      ...(spec.owners === 'drop' ? ['--no-owner', '--no-privileges'] : []),
      ...(spec.jobs > 1 ? [`--jobs=${spec.jobs}`] : []),
      '--',
      file,
    ],
    cwd,
    env,
    signal,
    onLine: (line) => {
      if (/^pg_restore: (creating|processing data)/.test(line)) {
        done += 1;
        progress({ label: `Loading ${file}`, done, total: entries, unit: 'objects' });
      }
      if (/processing data|error:|warning:/.test(line)) log(line);
    },
  });
  if (exitCode !== 0) throw new MusterError(archiveFailed(lines));
}

async function loadPlain(
  { spec, cwd, signal, log, progress, env }: LoadContext,
  format: 'plain' | 'gzip',
  serverMajor: number,
): Promise<void> {
  const program = await findProgram('psql', serverMajor, env.PATH);
  const file = resolve(cwd, spec.restore);
  const total = statSync(file).size;
  const input = dumpStream(file, format, (done) =>
    progress({ label: `Loading ${file}`, done, total, unit: 'bytes' }),
  );
  const { exitCode, lines } = await runChild({
    file: program.path,
    args: [
      '--no-password',
      '--no-psqlrc',
      '--quiet',
      '--set=ON_ERROR_STOP=1',
      '--file=-',
      '--output',
      process.platform === 'win32' ? 'NUL' : '/dev/null',
    ],
    cwd,
    env,
    signal,
    input,
    onLine: log,
  });
  if (exitCode !== 0) throw new MusterError(await plainFailed(file, format, lines));
}

const safe = 'The old database was not touched, and the new one was removed.';
const next = 'Mend what the error names, or take another backup, then retry.';

function archiveFailed(lines: readonly string[]): Problem {
  const at = lines.findIndex((line) => line.includes('error:'));
  const why = lines[at]?.replace(/^.*?error: /, '') ?? 'it ended without a word';
  return {
    code: 'restore-failed',
    what: `pg_restore failed: ${why}.`,
    safe,
    next: diskIsFull(lines) ? 'Free space on the server, then retry.' : next,
    detail: lines.slice(Math.max(0, at)).slice(0, 20).join('\n'),
  };
}

/** `psql:<stdin>:10000: ERROR:  …` */
const PSQL_ERROR = /^psql:(?:<stdin>|-):(\d+): (?:ERROR|FATAL|error):\s*(.*)$/;

async function plainFailed(
  file: string,
  format: 'plain' | 'gzip',
  lines: readonly string[],
): Promise<Problem> {
  const at = lines.findIndex((line) => PSQL_ERROR.test(line));
  const [, reported, message] = PSQL_ERROR.exec(lines[at] ?? '') ?? [];
  const row = COPY_ROW.exec(lines.slice(at).join('\n'))?.[1];
  const line =
    reported === undefined
      ? null
      : row === undefined
        ? Number(reported)
        : await lineOfRow(file, format, Number(reported), Number(row));
  const where = line === null ? '' : ` in line ${line} of the dump`;
  return {
    code: 'restore-failed',
    what: `psql failed${where}: ${message ?? lines.at(-1) ?? 'it ended without a word'}.`,
    safe,
    next: diskIsFull(lines) ? 'Free space on the server, then retry.' : next,
    ...(line === null ? {} : { place: { file, line } }),
    detail: lines.slice(Math.max(0, at)).slice(0, 20).join('\n'),
  };
}

/** `CONTEXT:  COPY orders, line 9970, column id: "x"`; it counts the rows of that COPY. */
const COPY_ROW = /^(?:psql:.*: )?CONTEXT: {2}COPY .*, line (\d+)/m;

/**
 * The line of the dump that a row of a COPY stands in. psql is further on when the server refuses
 * a row: the COPY is the last one that begins before the line that psql names.
 */
async function lineOfRow(
  file: string,
  format: 'plain' | 'gzip',
  reported: number,
  row: number,
): Promise<number> {
  const input = dumpStream(file, format, () => undefined);
  let line = 0;
  let copy = 0;
  for await (const text of createInterface({ input })) {
    line += 1;
    if (line >= reported) break;
    if (text.startsWith('COPY ')) copy = line;
  }
  input.destroy();
  return copy + row;
}

function diskIsFull(lines: readonly string[]): boolean {
  return lines.some((line) => line.includes('No space left on device'));
}
