import { type SqlContext, SqlScanner } from './scanner.ts';

export type FilledIn =
  | { ok: true; sql: string }
  /** `line` counts from 1 within the text. */
  | { ok: false; line: number; message: string };

const REFERENCE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}/y;

/**
 * Puts values in the place of `${NAME}`, quoted for where each stands, so that no value can become
 * SQL: on its own it becomes a literal, within '…' a part of the text, within "…" a part of the
 * name. `$${NAME}` is the text `${NAME}`. References in comments stay as they are.
 */
export function fillIn(
  sql: string,
  values: Readonly<Record<string, string | number | boolean>>,
): FilledIn {
  const scanner = new SqlScanner();
  let filled = '';
  for (let at = 0; at < sql.length; ) {
    REFERENCE.lastIndex = at;
    const [whole, name] = sql[at] === '$' ? (REFERENCE.exec(sql) ?? []) : [];
    if (whole === undefined || name === undefined || isComment(scanner.context)) {
      scanner.next(sql[at] ?? '');
      filled += sql[at];
      at += 1;
      continue;
    }
    at += whole.length;
    if (whole.startsWith('$$')) {
      filled += whole.slice(1);
      continue;
    }
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const put = value === undefined ? refuse('it has no value') : quoted(value, scanner.context);
    if (!put.ok) {
      const line = sql.slice(0, at).split('\n').length;
      return { ok: false, line, message: `\${${name}} cannot be put in here: ${put.why}` };
    }
    filled += put.text;
  }
  return { ok: true, sql: filled };
}

type Quoted = { ok: true; text: string } | { ok: false; why: string };

function refuse(why: string): Quoted {
  return { ok: false, why };
}

function quoted(value: string | number | boolean, context: SqlContext): Quoted {
  const text = String(value);
  if (text.includes('\0')) return refuse('PostgreSQL has no NUL characters');
  switch (context) {
    case 'code':
      // In parentheses, because "5 -" before a negative number would begin a comment.
      return { ok: true, text: typeof value === 'string' ? literal(value) : `(${text})` };
    case 'text':
      return { ok: true, text: text.replaceAll("'", "''") };
    case 'escaped-text':
      return { ok: true, text: text.replaceAll('\\', '\\\\').replaceAll("'", "''") };
    case 'name':
      return { ok: true, text: text.replaceAll('"', '""') };
    default:
      return refuse('quote it with single quotes instead');
  }
}

function isComment(context: SqlContext): boolean {
  return context === 'line-comment' || context === 'block-comment';
}

/** A text as a literal of SQL, its quotes included. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it, its quotes included. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
