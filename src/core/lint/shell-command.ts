/** One simple command of a shell script, and what it sets. See `shell.ts`, which finds them. */

export interface Word {
  /** As written, quotes included. */
  raw: string;
  /** Without quotes; variables and substitutions stay as written. */
  value: string;
  /** Offset in the code. */
  at: number;
}

export interface Command {
  /** Last part of the program's path, or '' for assignments alone. */
  name: string;
  /** The words behind the name. */
  args: Word[];
  at: number;
  /** Offset behind its last word. */
  end: number;
  /** `timeout`, `sudo` and such before the name. */
  wrappers: string[];
  /** It reads from a pipe, writes into one. */
  fromPipe: boolean;
  intoPipe: boolean;
  background: boolean;
  /** Inside `$( )`, backticks or parentheses. */
  inside: boolean;
  /** Its exit code is looked at: behind `if`, `while`, `until` or `!`, or before `||` or `&&`. */
  tested: boolean;
  /** Redirections such as `<file` or `2>&1`, as written. */
  redirects: string[];
}

export interface VariableUse {
  name: string;
  at: number;
  /** `${NAME:-…}` and its like, which say what to do when there is no value. */
  guarded: boolean;
}

export interface ShellScript {
  commands: Command[];
  uses: VariableUse[];
  /** Names that the code itself gives a value. */
  assigned: Set<string>;
  /** Reads other code that may set anything: `source`, `.` or `eval`. */
  reliesOnOthers: boolean;
}

const KEYWORDS = new Set(['then', 'do', 'else', '{', '}', 'fi', 'done', 'esac', 'time']);
const TESTING = new Set(['if', 'elif', 'while', 'until', '!']);
const WRAPPERS = new Set(['sudo', 'env', 'nohup', 'exec', 'command', 'timeout', 'nice', 'ionice']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]{0,80}\])?\+?=/;

type Parsed = Pick<Command, 'name' | 'args' | 'at' | 'wrappers' | 'tested'>;

/** The command that the words are, past keywords, assignments and wrappers. Notes what it sets. */
export function commandOf(words: readonly Word[], script: ShellScript): Parsed | null {
  const wrappers: string[] = [];
  let tested = false;
  let i = 0;
  for (; i < words.length; i += 1) {
    const { raw, value } = words[i] ?? { raw: '', value: '' };
    const assignment = ASSIGNMENT.exec(raw);
    if (assignment !== null) script.assigned.add(assignment[1] ?? '');
    else if (TESTING.has(raw)) tested = true;
    else if (WRAPPERS.has(value)) wrappers.push(value);
    else if (wrappers.length > 0 && /^(?:-|\d+(?:\.\d+)?[smhd]?$)/.test(value)) continue;
    else if (!KEYWORDS.has(raw)) break;
  }
  const first = words[i];
  if (first === undefined) return null;
  const args = words.slice(i + 1);
  const name = first.value.slice(first.value.lastIndexOf('/') + 1);
  noteAssigned(name, args, script);
  return { name, args, at: first.at, wrappers, tested };
}

const DECLARES = new Set(['export', 'local', 'declare', 'typeset', 'readonly', 'let']);
const TAKES_NAMES = new Set(['read', 'mapfile', 'readarray', 'getopts', 'printf']);

function noteAssigned(name: string, args: readonly Word[], script: ShellScript): void {
  if (name === 'source' || name === '.' || name === 'eval') script.reliesOnOthers = true;
  else if (DECLARES.has(name) || TAKES_NAMES.has(name)) {
    // `export NAME` alone gives no value, but says that the name is known to its author.
    for (const { value } of args) {
      const match = NAME.exec(value)?.[0];
      if (match !== undefined) script.assigned.add(match);
    }
  } else if (name === 'for' || name === 'select') {
    const variable = args[0]?.value;
    if (variable !== undefined) script.assigned.add(variable);
  }
}
