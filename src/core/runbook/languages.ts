import { actionNames } from '../actions/kind.ts';
import { actionNameOf } from '../actions/registry.ts';
import { readTranscript } from './transcript.ts';

/** What a fence's language means to Muster. */

const SHELLS: Record<string, 'bash' | 'sh'> = { bash: 'bash', sh: 'sh', shell: 'sh' };

/** Fences that show a terminal: commands behind prompts, and what they print. */
const CONSOLES = ['console', 'shell-session', 'shellsession', 'sh-session'];

/** Step kinds of the format that this version shows but does not carry out. */
export const LATER_KINDS: readonly string[] = [
  ...actionNames.filter((name) => actionNameOf(name) === null),
  'pwsh',
];

/** Languages of queries: shown as an action, run by a person where queries are run. */
const QUERIES: Record<string, 'sql' | 'prometheus'> = {
  sql: 'sql',
  postgres: 'sql',
  postgresql: 'sql',
  pgsql: 'sql',
  psql: 'sql',
  plpgsql: 'sql',
  mysql: 'sql',
  mariadb: 'sql',
  sqlite: 'sql',
  tsql: 'sql',
  plsql: 'sql',
  promql: 'prometheus',
  prometheus: 'prometheus',
};

/** What kind of query a fence of this language holds, or null. */
export function queryKind(language: string): 'sql' | 'prometheus' | null {
  return Object.hasOwn(QUERIES, language) ? (QUERIES[language] ?? null) : null;
}

/** The language of an info string: its first word, lower case. */
export function languageOf(before: string): string {
  return (/^\S+/.exec(before)?.[0] ?? '').toLowerCase();
}

export interface ShellCode {
  language: 'bash' | 'sh';
  code: string;
  /** What the commands print, where the fence shows that too. */
  expected: string | null;
  /** False where Muster had to tell commands from output by itself. */
  plain: boolean;
}

/** The shell and the commands of a fence, or null when it holds none to run. */
export function shellCode(language: string, lines: readonly string[]): ShellCode | null {
  if (lines.every((line) => line.trim() === '')) return null;
  const shell = Object.hasOwn(SHELLS, language) ? SHELLS[language] : undefined;
  const console = CONSOLES.includes(language);
  if (shell === undefined && !console) return null;
  const transcript = readTranscript(lines, console);
  if (transcript !== null) return { language: shell ?? 'sh', ...transcript };
  if (shell === undefined) return null;
  return { language: shell, code: lines.join('\n'), expected: null, plain: true };
}
