/**
 * What a fence shows of a terminal: what was typed behind prompts, and what came of it.
 *
 * Only what certainly was typed becomes a command. A line that looks like output is never run, even
 * where that cuts a command short: the step is unreviewed then, and a person reads it first.
 */
export interface Transcript {
  /** The typed lines without their prompts, comments between them kept. */
  code: string;
  /** What the commands printed, or null when only commands stand there. */
  expected: string | null;
  /** Whether every line is a command behind a `$`; a `#` could begin a comment as well. */
  plain: boolean;
}

/** `ann@db-1:/srv$ `, `[root@db-1 ~]# `; the host says that it is a prompt and no comment. */
const LONG_PROMPT = /^\[?[\w.-]{1,64}@[\w.-]{1,64}[: ][^$#]{0,100}[$#] (?=\S)/;

/** A root prompt and a command, not a sentence: `# systemctl stop db`. */
const ROOT = /^# (?=(?:[a-z][\w+-]*|[.~]?\/\S+)(?: [^A-Z]|$|\s-))/;

/** Whether and how the lines show typed commands, or null. `console`: the fence says that they do. */
export function readTranscript(lines: readonly string[], console: boolean): Transcript | null {
  const prompt = promptOf(lines, console);
  if (prompt === null) return null;
  const reader = new Reader(prompt, lines);
  for (const [i, line] of lines.entries()) reader.read(line, i);
  return reader.end();
}

interface Prompt {
  strip: (line: string) => string | null;
  root: boolean;
}

function promptOf(lines: readonly string[], console: boolean): Prompt | null {
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  const dollar = (line: string): string | null =>
    line.startsWith('$ ') ? line.slice(2) : line === '$' ? '' : null;
  if (first !== undefined && dollar(first) !== null) return { strip: dollar, root: false };
  if (!console) return null;
  const beginning = lines.find((line) => line.trim() !== '');
  if (beginning === undefined) return null;
  if (LONG_PROMPT.test(beginning)) {
    const long = (line: string): string | null => {
      const match = LONG_PROMPT.exec(line);
      return match === null ? null : line.slice(match[0].length);
    };
    return { strip: long, root: false };
  }
  if (!ROOT.test(beginning)) return null;
  return { strip: (line) => (ROOT.test(line) ? line.slice(2) : null), root: true };
}

class Reader {
  readonly #strip: (line: string) => string | null;
  readonly #root: boolean;
  readonly #lines: readonly string[];
  #lastOf: Map<string, number> | null = null;
  readonly #code: string[] = [];
  readonly #output: string[] = [];
  /** What the last line was. */
  #last: 'command' | 'output' = 'command';
  #quote: string | null = null;
  /** Loops, conditions and blocks that are open; their further lines are behind `> `. */
  #depth = 0;
  /** Whether the command goes on behind its line's end: `\`, `|`, `&&`. */
  #open = false;
  /** The word that ends the here-document under way, or null. */
  #hereEnd: string | null = null;
  /** Index of the last line that is such a word, so that no here-document runs to the end. */
  #hereUntil = -1;

  constructor({ strip, root }: Prompt, lines: readonly string[]) {
    this.#strip = strip;
    this.#root = root;
    this.#lines = lines;
  }

  read(line: string, index: number): void {
    if (this.#hereEnd !== null && index <= this.#hereUntil) {
      const text = withoutSecondary(line);
      this.#code.push(text);
      if (index === this.#hereUntil) this.#hereEnd = null;
      return;
    }
    const typed = this.#strip(line);
    const goesOn = this.#last === 'command' && this.#code.length > 0;
    const within = (this.#quote !== null || this.#depth > 0) && isSecondary(line);
    if (goesOn && (this.#open || within)) {
      this.#command(withoutSecondary(line), index);
    } else if (typed !== null) {
      this.#quote = null;
      this.#depth = 0;
      this.#last = 'command';
      this.#command(typed, index);
    } else if (this.#last === 'command' && (line.trim() === '' || this.#isComment(line))) {
      this.#open = false;
      this.#code.push(line);
    } else {
      this.#last = 'output';
      this.#output.push(line);
    }
  }

  end(): Transcript {
    const expected = this.#output.join('\n').trimEnd();
    return {
      code: this.#code.join('\n').trimEnd(),
      expected: expected === '' ? null : expected,
      plain: expected === '' && !this.#root,
    };
  }

  /** Index of the last line that is `word` alone, or -1. */
  #lastLine(word: string): number {
    this.#lastOf ??= new Map(
      this.#lines.map((line, i): [string, number] => [withoutSecondary(line).trim(), i]),
    );
    return this.#lastOf.get(word) ?? -1;
  }

  #isComment(line: string): boolean {
    return !this.#root && line.startsWith('#');
  }

  #command(text: string, index: number): void {
    this.#code.push(text);
    this.#quote = quoteAfter(text, this.#quote);
    this.#open = this.#quote === null && /(?:\\|\||&&)$/.test(text);
    if (this.#quote !== null) return;
    this.#depth = Math.max(0, this.#depth + depthOf(text.trim()));
    const word = /<<-?\s*(['"]?)([A-Za-z_]\w{0,60})\1/.exec(text)?.[2];
    if (word === undefined) return;
    const last = this.#lastLine(word);
    if (last <= index) return;
    // The lines up to the word are the document's and not looked at again.
    let end = index + 1;
    while (end < last && withoutSecondary(this.#lines[end] ?? '').trim() !== word) end += 1;
    this.#hereEnd = word;
    this.#hereUntil = end;
  }
}

function depthOf(text: string): number {
  if (/^(?:done|fi|esac|\}|\))/.test(text)) return -1;
  const opens = /^(?:for|while|until|if|case)\b/.test(text);
  if (opens) return /\b(?:done|fi|esac)\b[^;]*$/.test(text.slice(-100)) ? 0 : 1;
  return /[{(]$/.test(text) ? 1 : 0;
}

function isSecondary(line: string): boolean {
  return line.startsWith('> ') || line === '>';
}

function withoutSecondary(line: string): string {
  return isSecondary(line) ? line.slice(2) : line;
}

/** The quote that is open after the line, or null. */
function quoteAfter(line: string, before: string | null): string | null {
  let quote = before;
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i];
    if (quote === null) {
      if (char === '\\') i += 1;
      else if (char === "'" || char === '"') quote = char;
      else if (char === '#' && (i === 0 || line[i - 1] === ' ')) break;
    } else if (char === '\\' && quote === '"') i += 1;
    else if (char === quote) quote = null;
  }
  return quote;
}
