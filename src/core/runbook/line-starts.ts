import { countCells, isDelimiterRow } from './table-row.ts';

/**
 * What a line begins, seen at one offset behind its indentation. Each function is one rule of
 * CommonMark and looks at each character once.
 */

export interface ListMarker {
  /** Characters of the marker. */
  length: number;
  /** Null for a bullet. */
  number: number | null;
  /** The bullet, or the character after the number. */
  kind: string;
}

export function listMarker(text: string, at: number): ListMarker | null {
  const char = text[at] ?? '';
  let end = at;
  let number: number | null = null;
  if (char === '-' || char === '+' || char === '*') {
    end = at + 1;
  } else {
    while (end - at < 10 && isDigit(text.charCodeAt(end))) end += 1;
    if (end === at || end - at > 9) return null;
    const kind = text[end];
    if (kind !== '.' && kind !== ')') return null;
    number = Number(text.slice(at, end));
    end += 1;
  }
  if (end < text.length && !isSpace(text[end])) return null;
  return { length: end - at, number, kind: text[end - 1] ?? char };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

export function isBlankFrom(text: string, from: number): boolean {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at >= text.length;
}

/** Offset behind a run of `char`. */
function runEnd(text: string, from: number, char: string): number {
  let at = from;
  while (text[at] === char) at += 1;
  return at;
}

/** The line under a paragraph that makes it a heading. */
export function isUnderline(text: string, at: number, char: string): boolean {
  return isBlankFrom(text, runEnd(text, at, char));
}

/**
 * Offset of the first character that keeps the line from being a thematic break of `char`; -1 when
 * it is one, the length of the line when it has too few.
 */
export function breakFault(text: string, from: number, char: string): number {
  let count = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === char) count += 1;
    else if (!isSpace(text[at])) return at;
  }
  return count >= 3 ? -1 : text.length;
}

export function headingStart(
  text: string,
  from: number,
): { depth: number; text: string; column: number } | null {
  let at = runEnd(text, from, '#');
  const depth = at - from;
  if (depth < 1 || depth > 6 || (at < text.length && !isSpace(text[at]))) return null;
  while (isSpace(text[at])) at += 1;
  return { depth, text: withoutClosingHashes(text.slice(at)), column: at + 1 };
}

function withoutClosingHashes(text: string): string {
  const trimmed = text.trimEnd();
  let end = trimmed.length;
  while (trimmed[end - 1] === '#') end -= 1;
  if (end === 0) return '';
  const closes = end < trimmed.length && isSpace(trimmed[end - 1]);
  return closes ? trimmed.slice(0, end).trimEnd() : trimmed;
}

export function fenceStart(
  text: string,
  from: number,
): { char: string; length: number; info: string; column: number } | null {
  const char = text[from] ?? '';
  let at = runEnd(text, from, char);
  const length = at - from;
  if (length < 3 || (char === '`' && text.indexOf('`', at) >= 0)) return null;
  while (isSpace(text[at])) at += 1;
  return { char, length, info: text.slice(at).trimEnd(), column: at + 1 };
}

export function closesFence(text: string, from: number, char: string, length: number): boolean {
  const end = runEnd(text, from, char);
  return end - from >= length && isBlankFrom(text, end);
}

/** Whether `text` under `header` makes the two the head of a table. */
export function isTableHead(header: string, text: string): boolean {
  return isDelimiterRow(text) && countCells(header) === countCells(text);
}
