import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { MusterError } from '../../core/problem.ts';

const execute = promisify(execFile);
const VERSION_MS = 10_000;

/** The programs that PostgreSQL's packages install for clients. */
export type ProgramName = 'pg_dump' | 'pg_restore' | 'psql';

export interface Program {
  path: string;
  /** As it says itself, such as `15.14`. */
  version: string;
}

/** Where packages keep one folder a version; Debian's own pg_dump on the PATH chooses by cluster. */
const ROOTS = [
  '/usr/lib/postgresql',
  '/usr/pgsql',
  '/opt/homebrew/opt',
  '/usr/local/opt',
  'C:\\Program Files\\PostgreSQL',
];

/**
 * The program of the server's own major version, else of the nearest newer one: an older pg_dump
 * refuses a newer server. Throws MusterError where there is none.
 */
export async function findProgram(
  name: ProgramName,
  serverMajor: number,
  path: string | undefined,
): Promise<Program> {
  const found: (Program & { major: number })[] = [];
  for (const candidate of candidates(name, path)) {
    const version = await versionOf(candidate);
    if (version === null) continue;
    const major = Number.parseInt(version, 10);
    found.push({ path: candidate, version, major });
    if (major === serverMajor) break;
  }
  const [best] = found
    .filter(({ major }) => major >= serverMajor)
    .sort((a, b) => a.major - b.major);
  if (best) return best;
  const have = found.map(({ version }) => version).join(', ');
  throw new MusterError({
    code: 'program-missing',
    what:
      have === ''
        ? `There is no ${name} on this machine.`
        : `The server is PostgreSQL ${serverMajor}, and this machine has ${name} ${have} only.`,
    safe: 'Nothing was done.',
    next: `Install the client programs of PostgreSQL ${serverMajor} or newer, then retry.`,
  });
}

function candidates(name: string, path: string | undefined): string[] {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const versioned = ROOTS.flatMap((root) =>
    existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [],
  );
  const onPath = (path ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...versioned, ...onPath].map((folder) => join(folder, file)).filter(existsSync);
}

async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await execute(path, ['--version'], { timeout: VERSION_MS });
    return /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}
