import { commandOf, type ShellScript, type Word } from './shell-command.ts';

export type { Command, ShellScript, VariableUse, Word } from './shell-command.ts';

/**
 * Reads shell code as far as lint needs it: simple commands with their words, and the variables
 * that are read and set. It knows quotes, substitutions, comments, here-documents and redirections,
 * never fails, and looks at each character a bounded number of times. What it does not understand
 * it passes over: a rule that sees nothing says nothing.
 */

const DEEPEST = 30;
/** A word keeps no more than this; rules look at names and options. In characters. */
const LONGEST_WORD = 2000;
const MOST_ARGS = 500;
const LONGEST_ARITHMETIC = 300;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

interface Frame {
  kind: 'code' | 'double';
  /** What ends it. */
  close: ')' | '`' | '"' | '))' | '';
  words: Word[];
  redirects: string[];
  /** Where the current word began, or -1. */
  wordAt: number;
  fromPipe: boolean;
  /** `NAME=( … )`: values, no commands. */
  isList: boolean;
}

/** Reads `code`. Total and linear. */
export function readShell(code: string): ShellScript {
  return new Reader(code).read();
}

class Reader {
  readonly #code: string;
  readonly #script: ShellScript = {
    commands: [],
    uses: [],
    assigned: new Set(),
    reliesOnOthers: false,
  };
  readonly #stack: Frame[] = [frame('code', '', false)];
  #at = 0;
  #hereDocuments: { end: string; tabs: boolean; literal: boolean }[] = [];

  constructor(code: string) {
    this.#code = code;
  }

  read(): ShellScript {
    const code = this.#code;
    while (this.#at < code.length) {
      const top = this.#top;
      if (top.kind === 'double') this.#inDouble(top);
      else this.#inCode(top);
    }
    while (this.#stack.length > 0) {
      const last = this.#stack.pop();
      if (last?.kind === 'code') this.#endCommand(last, '', this.#stack.length > 0);
    }
    return this.#script;
  }

  get #top(): Frame {
    const top = this.#stack.at(-1);
    if (top !== undefined) return top;
    const fresh = frame('code', '', false);
    this.#stack.push(fresh);
    return fresh;
  }

  #push(kind: Frame['kind'], close: Frame['close']): void {
    if (this.#stack.length < DEEPEST) this.#stack.push(frame(kind, close, false));
  }

  #inDouble(top: Frame): void {
    const char = this.#code[this.#at];
    if (char === '\\') this.#at += 2;
    else if (char === '"') {
      this.#stack.pop();
      this.#at += 1;
    } else if (char === '$' || char === '`') this.#expansion(top);
    else this.#at += 1;
  }

  /** `$NAME`, `${…}`, `$( )`, `$(( ))` or a backtick. */
  #expansion(top: Frame): void {
    const code = this.#code;
    const at = this.#at;
    if (code[at] === '`') {
      this.#at += 1;
      if (top.close === '`') this.#close();
      else if (this.#stack.some((entry) => entry.close === '`')) return;
      else this.#push('code', '`');
      return;
    }
    if (code.startsWith('$((', at)) {
      // Names in arithmetic have no dollar sign; nothing in there is a command.
      const line = code.slice(at, at + LONGEST_ARITHMETIC).split('\n', 1)[0] ?? '';
      const end = line.indexOf('))');
      const close = end < 0 ? at + 3 : at + end + 2;
      this.#usesIn(at + 3, close);
      this.#at = close;
      return;
    }
    if (code[at + 1] === '(') {
      this.#at += 2;
      this.#push('code', ')');
      return;
    }
    if (code[at + 1] === "'" && top.kind === 'code') {
      this.#at = ansiQuoteEnd(code, at + 2);
      return;
    }
    this.#at = this.#use(at);
  }

  /** Notes the variable at the `$` at `at`. Returns the offset behind its name. */
  #use(at: number): number {
    const code = this.#code;
    const braced = code[at + 1] === '{';
    const from = at + (braced ? 2 : 1);
    const prefix = braced && /[#!]/.test(code[from] ?? '') ? 1 : 0;
    const name = NAME.exec(code.slice(from + prefix, from + prefix + 200))?.[0];
    if (name === undefined) return at + 1;
    const end = from + prefix + name.length;
    const after = code.slice(end, end + 2);
    const guarded = braced && /^:?[-=+?]/.test(after);
    if (guarded && /^:?=/.test(after)) this.#script.assigned.add(name);
    this.#script.uses.push({ name, at, guarded });
    return end;
  }

  #usesIn(from: number, to: number): void {
    for (let at = this.#code.indexOf('$', from); at >= 0 && at < to; ) {
      at = this.#code.indexOf('$', Math.max(at + 1, this.#use(at)));
    }
  }

  #inCode(top: Frame): void {
    const code = this.#code;
    const char = code[this.#at] ?? '';
    switch (char) {
      case ' ':
      case '\t':
      case '\r':
        this.#endWord(top);
        this.#at += 1;
        return;
      case '\\':
        if (code[this.#at + 1] === '\n') this.#endWord(top);
        else this.#beginWord(top);
        this.#at += 2;
        return;
      case '\n':
        this.#endCommand(top, '\n', this.#stack.length > 1);
        this.#at += 1;
        this.#skipHereDocuments();
        return;
      case "'": {
        this.#beginWord(top);
        const end = code.indexOf("'", this.#at + 1);
        this.#at = end < 0 ? code.length : end + 1;
        return;
      }
      case '"':
        this.#beginWord(top);
        this.#at += 1;
        this.#push('double', '"');
        return;
      case '$':
      case '`':
        if (char === '`' && top.close === '`') this.#endWord(top);
        else this.#beginWord(top);
        this.#expansion(top);
        return;
      case '#':
        if (top.wordAt >= 0) break;
        this.#at = endOfLine(code, this.#at);
        return;
      case ';':
      case '&':
      case '|':
        if (char === '&' && code[this.#at + 1] === '>') this.#redirect(top);
        else this.#separator(top, char);
        return;
      case '<':
      case '>':
        this.#redirect(top);
        return;
      case '(':
        this.#at += 1;
        if (top.wordAt >= 0 && code[this.#at - 2] === '=') {
          this.#push('code', ')');
          this.#top.isList = this.#top !== top;
          return;
        }
        // `name()` and `( … )` and `(( … ))`: what is inside is read as code of its own.
        this.#endWord(top);
        if (code[this.#at] === ')') {
          this.#at += 1;
          top.words.length = 0;
          return;
        }
        this.#push('code', ')');
        return;
      case ')':
        this.#at += 1;
        if (top.close === ')') this.#close();
        else {
          // The pattern of a `case`, which is no command.
          this.#endWord(top);
          top.words.length = 0;
        }
        return;
      default:
        break;
    }
    this.#beginWord(top);
    this.#at += 1;
  }

  #close(): void {
    const closed = this.#stack.pop();
    if (closed?.kind === 'code') this.#endCommand(closed, '', true);
  }

  #separator(top: Frame, char: string): void {
    const two = this.#code.slice(this.#at, this.#at + 2);
    const double = two === '&&' || two === '||' || two === ';;' || two === '|&';
    this.#endCommand(top, double ? two : char, this.#stack.length > 1);
    this.#at += double ? 2 : 1;
    // A pipe may go on on the next line.
    if (char === '|' && two !== '||') top.fromPipe = true;
  }

  #redirect(top: Frame): void {
    const code = this.#code;
    // The number of a stream stands directly before: `2>file`.
    const digits =
      top.wordAt >= 0 && /^\d+$/.test(code.slice(top.wordAt, Math.min(this.#at, top.wordAt + 4)));
    const begin = digits ? top.wordAt : this.#at;
    if (digits) top.wordAt = -1;
    else this.#endWord(top);
    if (code[this.#at + 1] === '(') {
      top.words.push({ raw: '<(', value: '<(', at: this.#at });
      this.#at += 2;
      this.#push('code', ')');
      return;
    }
    const here = /^<<(-?)[ \t]{0,8}(['"\\]?)([A-Za-z_][\w.-]{0,80})/.exec(
      code.slice(this.#at, this.#at + 100),
    );
    if (here !== null && code[this.#at + 2] !== '<') {
      const literal = here[2] !== '';
      this.#hereDocuments.push({ end: here[3] ?? '', tabs: here[1] === '-', literal });
      this.#at += here[0].length + (here[2] === "'" || here[2] === '"' ? 1 : 0);
      top.redirects.push(here[0]);
      return;
    }
    let at = this.#at;
    while (at < code.length && /[<>&|]/.test(code[at] ?? '')) at += 1;
    while (code[at] === ' ' || code[at] === '\t') at += 1;
    const target = /^(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s;|&<>()]{1,500})*/.exec(
      code.slice(at, at + 600),
    )?.[0];
    const end = at + (target?.length ?? 0);
    this.#usesIn(at, end);
    top.redirects.push(code.slice(begin, end));
    this.#at = Math.max(end, this.#at + 1);
  }

  #skipHereDocuments(): void {
    for (const { end, tabs, literal } of this.#hereDocuments) {
      const from = this.#at;
      while (this.#at < this.#code.length) {
        const lineEnd = endOfLine(this.#code, this.#at);
        const line = this.#code.slice(this.#at, Math.min(lineEnd, this.#at + 200));
        this.#at = Math.min(lineEnd + 1, this.#code.length);
        if ((tabs ? line.replace(/^\t+/, '') : line).trimEnd() === end) break;
      }
      if (!literal) this.#usesIn(from, this.#at);
    }
    this.#hereDocuments = [];
  }

  #beginWord(top: Frame): void {
    if (top.wordAt < 0) top.wordAt = this.#at;
  }

  #endWord(top: Frame): void {
    if (top.wordAt < 0) return;
    if (top.words.length < MOST_ARGS) {
      const raw = this.#code.slice(top.wordAt, Math.min(this.#at, top.wordAt + LONGEST_WORD));
      top.words.push({ raw, value: unquoted(raw), at: top.wordAt });
    }
    top.wordAt = -1;
  }

  #endCommand(top: Frame, by: string, inside: boolean): void {
    this.#endWord(top);
    const words = top.isList ? [] : top.words;
    const redirects = top.redirects;
    const fromPipe = top.fromPipe;
    if (words.length === 0 && redirects.length === 0 && by === '\n') return;
    top.words = [];
    top.redirects = [];
    top.fromPipe = false;
    const command = commandOf(words, this.#script);
    if (command === null) return;
    this.#script.commands.push({
      ...command,
      end: this.#at,
      fromPipe,
      intoPipe: by === '|' || by === '|&',
      background: by === '&',
      inside,
      tested: command.tested || by === '||' || by === '&&',
      redirects,
    });
  }
}

function frame(kind: Frame['kind'], close: Frame['close'], fromPipe: boolean): Frame {
  return { kind, close, words: [], redirects: [], wordAt: -1, fromPipe, isList: false };
}

function endOfLine(code: string, at: number): number {
  const end = code.indexOf('\n', at);
  return end < 0 ? code.length : end;
}

function ansiQuoteEnd(code: string, from: number): number {
  let at = from;
  while (at < code.length && code[at] !== "'") at += code[at] === '\\' ? 2 : 1;
  return at + 1;
}

function unquoted(raw: string): string {
  return raw.replace(/\\(.)|['"]/g, '$1');
}
