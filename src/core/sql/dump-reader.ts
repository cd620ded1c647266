import { SqlScanner } from './scanner.ts';

/** What pg_dump writes last, so that a dump that was cut off can be told. */
const MARKER = '-- PostgreSQL database dump complete';
/** Enough for the marker and what pg_dump writes after it, in characters. */
const TAIL = 2000;
/** A COPY statement longer than this is none that pg_dump writes. */
const LONGEST_COPY = 256 * 1024;
const LONGEST_COMMAND = 200;

/** What newer versions of pg_dump write so that psql takes no other command in between. */
const HARMLESS = /^\\(un)?restrict [A-Za-z0-9]+\s*$/;

/**
 * Reads a plain dump as psql would, in constant memory, and finds what psql would do beyond SQL:
 * `\!` runs a program and `\connect` leaves the database that is restored into. A dump by pg_dump
 * of one database has neither.
 */
export class DumpReader {
  /** The first command to psql that does not belong into a dump, or null. */
  command: string | null = null;
  readonly #scanner = new SqlScanner();
  #state: 'sql' | 'command' | 'copy' | 'data' = 'sql';
  #statement = '';
  #command = '';
  #carry = '';
  #tail = '';

  push(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    let at = 0;
    while (at < text.length) {
      at = this.#state === 'data' ? this.#skipData(text, at) : this.#read(text, at);
    }
  }

  /** True when the dump ended where pg_dump ends one. Call it after the last `push`. */
  isComplete(): boolean {
    return (
      this.#state !== 'data' && this.#scanner.context !== 'text' && this.#tail.includes(MARKER)
    );
  }

  #read(text: string, at: number): number {
    const char = text[at] ?? '';
    if (this.#state === 'command') {
      if (char === '\n') this.#endCommand();
      else if (this.#command.length < LONGEST_COMMAND) this.#command += char;
      return at + 1;
    }
    if (this.#state === 'copy') {
      if (char === '\n') {
        this.#state = 'data';
        this.#carry = '\n';
      }
      return at + 1;
    }
    const { context } = this.#scanner;
    if (context === 'code' && char === '\\') {
      this.#state = 'command';
      this.#command = char;
      return at + 1;
    }
    this.#scanner.next(char);
    if (context !== 'code') return at + 1;
    if (char !== ';') {
      if (this.#statement.length < LONGEST_COPY) this.#statement += char;
      return at + 1;
    }
    if (/^[\s-]*copy\s[\s\S]*\sfrom\s+stdin\b/i.test(this.#statement)) this.#state = 'copy';
    this.#statement = '';
    return at + 1;
  }

  #endCommand(): void {
    if (!HARMLESS.test(this.#command)) this.command ??= this.#command.trim();
    this.#state = 'sql';
  }

  /** The data of COPY ends with a line `\.`; nothing else in it is looked at. */
  #skipData(text: string, from: number): number {
    const data = this.#carry + text.slice(from);
    for (let at = data.indexOf('\n\\.'); at >= 0; at = data.indexOf('\n\\.', at + 1)) {
      const end = /^\r?\n/.exec(data.slice(at + 3, at + 5));
      if (end === null) continue;
      this.#state = 'sql';
      const next = from - this.#carry.length + at + 3 + end[0].length;
      this.#carry = '';
      return next;
    }
    this.#carry = data.slice(-4);
    return text.length;
  }
}
