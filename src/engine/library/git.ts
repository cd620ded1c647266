import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';

/**
 * What git knows of a folder of runbooks. The repository may come from anybody, and a repository's
 * own configuration can name programs that git runs: filters, hooks, monitors, transports. Nothing
 * here lets it. Where git is absent, refuses or is slow, nothing is known.
 */

export interface FolderInGit {
  /** Null when a commit, not a branch, is checked out. */
  branch: string | null;
  /** Whether something in the folder is not committed; null when finding out would not be safe. */
  dirty: boolean | null;
}

export interface LastChange {
  author: string;
  /** UTC, ISO 8601. */
  at: string;
  subject: string;
}

const PATIENCE_MS = 3_000;
const MOST_OUTPUT = 4 * 1024 * 1024;

/** Said on the command line, these win over every configuration file. */
const OVERRIDES = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.askPass=',
  'core.sshCommand=false',
  'diff.external=',
  'log.showSignature=false',
  'gpg.program=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

const ALWAYS = [...OVERRIDES, '--no-pager', '--literal-pathspecs', '--no-replace-objects'];

/** Of the operator's environment only what git needs to start; none of the `GIT_…` variables. */
const INHERITED = /^(PATH|HOME|USERPROFILE|SystemRoot|TEMP|TMP|TMPDIR|XDG_CONFIG_HOME|PATHEXT)$/i;

export async function folderInGit(folder: string): Promise<FolderInGit | null> {
  const inside = await git(folder, ['rev-parse', '--is-inside-work-tree']);
  if (inside?.trim() !== 'true') return null;
  const [branch, dirty] = await Promise.all([branchOf(folder), isDirty(folder)]);
  return { branch, dirty };
}

/** The last commit that changed the file, on what is checked out; null for a file that is in none. */
export async function lastChange(path: string): Promise<LastChange | null> {
  // Plumbing: unlike `log` it reads no configuration of how to show a commit.
  const output = await git(dirname(path), [
    'rev-list',
    '--max-count=1',
    '--format=%an%x00%aI%x00%s',
    'HEAD',
    '--',
    basename(path),
  ]);
  // The first line repeats the commit's name.
  const [author, date, subject] =
    output
      ?.replace(/^commit .*\n/, '')
      .trimEnd()
      .split('\0') ?? [];
  if (author === undefined || date === undefined || subject === undefined) return null;
  const time = Date.parse(date);
  return Number.isNaN(time) ? null : { author, at: new Date(time).toISOString(), subject };
}

async function branchOf(folder: string): Promise<string | null> {
  const output = await git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return output === null || output.trim() === '' ? null : output.trim();
}

/**
 * To compare a file, git runs the filter that its attributes name. A filter that the operator set
 * up for all repositories is theirs; with one that this repository defines nothing is compared.
 */
async function isDirty(folder: string): Promise<boolean | null> {
  const settings = await git(folder, ['config', '--null', '--show-scope', '--name-only', '--list']);
  if (settings === null || definesFilter(settings)) return null;
  const output = await git(folder, [
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    '--ignore-submodules=all',
    '--untracked-files=normal',
    '--',
    '.',
  ]);
  return output === null ? null : output !== '';
}

/** `settings`: scope and name in turns. */
function definesFilter(settings: string): boolean {
  const words = settings.split('\0');
  return words.some((name, index) => {
    const scope = words[index - 1];
    return /^filter\./i.test(name) && scope !== 'global' && scope !== 'system';
  });
}

/** What git prints, or null when it is absent, refuses, fails or takes too long. */
function git(folder: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = execFile(
      'git',
      ['-C', folder, ...ALWAYS, ...args],
      {
        env: environment(),
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MOST_OUTPUT,
        windowsHide: true,
      },
      (error, output) => resolve(error === null ? output : null),
    );
    child.stdin?.end();
  });
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A repository that lacks parts would fetch them, by whatever means it names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  };
}
