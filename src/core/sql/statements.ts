import { SqlScanner } from './scanner.ts';

/** One statement of a text of SQL, without its semicolon. */
export interface Statement {
  text: string;
  /** Where it begins in the whole text, in characters from 0. */
  at: number;
  /** The line of the whole text that it begins in, from 1. */
  line: number;
  /** Its first words in capitals, comments left out: `SELECT`, `START TRANSACTION`. */
  words: readonly string[];
}

/** Enough to tell what a statement is: `CREATE OR REPLACE FUNCTION`. */
const MOST_WORDS = 4;

/** The statements of a text, split at the semicolons that end them; empty ones are left out. */
export function splitStatements(sql: string): Statement[] {
  const found: Statement[] = [];
  const scanner = new SqlScanner();
  let begin = 0;
  let parentheses = 0;
  let words: string[] = [];
  let body = 0;
  let hasCode = false;

  const endWord = (word: string): void => {
    const upper = word.toUpperCase();
    if (words.length < MOST_WORDS) words.push(upper);
    // A function's body in standard SQL holds statements of its own: BEGIN ATOMIC … END.
    if (!isRoutine(words)) return;
    if (upper === 'BEGIN' || (body > 0 && upper === 'CASE')) body += 1;
    else if (upper === 'END' && body > 0) body -= 1;
  };
  const end = (at: number): void => {
    const text = sql.slice(begin, at);
    const lead = text.length - text.trimStart().length;
    if (hasCode) {
      const from = begin + lead;
      const line = sql.slice(0, from).split('\n').length;
      found.push({ text: text.trim(), at: from, line, words });
    }
    begin = at + 1;
    parentheses = 0;
    words = [];
    body = 0;
    hasCode = false;
  };

  for (let at = 0; at < sql.length; at += 1) {
    const char = sql[at] ?? '';
    const before = scanner.context;
    const word = scanner.word;
    scanner.next(char);
    if (before === 'code' && word !== '' && scanner.word === '') endWord(word);
    if (before !== 'code' || scanner.context !== 'code') {
      if (!isComment(before) && !isComment(scanner.context)) hasCode = true;
      continue;
    }
    if (char === '(') parentheses += 1;
    else if (char === ')') parentheses -= 1;
    else if (char === ';' && parentheses <= 0 && body === 0) {
      end(at);
      continue;
    }
    if (/[^\s;/*-]/.test(char)) hasCode = true;
  }
  if (scanner.context === 'code' && scanner.word !== '') endWord(scanner.word);
  end(sql.length);
  return found;
}

function isComment(context: SqlScanner['context']): boolean {
  return context === 'line-comment' || context === 'block-comment';
}

function isRoutine(words: readonly string[]): boolean {
  return words[0] === 'CREATE' && words.some((word) => word === 'FUNCTION' || word === 'PROCEDURE');
}

/** True for what begins, ends or changes a transaction, which is not a runbook's to do. */
export function isTransactionControl({ words }: Statement): boolean {
  const [first, second] = words;
  if (first === 'PREPARE') return second === 'TRANSACTION';
  if (first === 'SET') {
    return second === 'TRANSACTION' || (second === 'SESSION' && words[2] === 'CHARACTERISTICS');
  }
  return CONTROL.has(first ?? '');
}

const CONTROL = new Set('BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE'.split(' '));
