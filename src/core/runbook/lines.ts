/**
 * The lines of a text without their ends (LF, CRLF or CR) and without a byte order mark. A final
 * line end makes no further line.
 */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r\n|\n|\r/);
  if (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Only spaces and tabs, as CommonMark says it; a form feed is text. */
export function isBlank(line: string): boolean {
  for (let i = 0; i < line.length; i += 1) {
    const code = line.charCodeAt(i);
    if (code !== 32 && code !== 9) return false;
  }
  return true;
}

/** Removes up to `columns` columns of leading white space; a tab reaches to the next multiple of 4. */
export function dedent(line: string, columns: number): string {
  let column = 0;
  let i = 0;
  while (column < columns && i < line.length) {
    const char = line[i];
    if (char === ' ') column += 1;
    else if (char === '\t') column += 4 - (column % 4);
    else break;
    i += 1;
  }
  return ' '.repeat(Math.max(0, column - columns)) + line.slice(i);
}

/** A text as its lines, with what ends each of them: nothing of it is lost. */
export interface TextLines {
  /** A byte order mark, or nothing. */
  mark: string;
  lines: { text: string; end: '' | '\n' | '\r\n' | '\r' }[];
}

/** The lines of `splitLines`, with their ends. `printLines` gives the text back. */
export function readLines(text: string): TextLines {
  const mark = text.charCodeAt(0) === 0xfeff ? text.slice(0, 1) : '';
  const lines: TextLines['lines'] = [];
  let from = mark.length;
  for (const { 0: end, index } of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ text: text.slice(from, index), end: end === '\n' || end === '\r' ? end : '\r\n' });
    from = index + end.length;
  }
  if (from < text.length) lines.push({ text: text.slice(from), end: '' });
  return { mark, lines };
}

export function printLines({ mark, lines }: TextLines): string {
  return mark + lines.map(({ text, end }) => text + end).join('');
}

/** Offset of the first character of line `number`, counted from 1, or of the end of the text. */
export function lineOffset({ mark, lines }: TextLines, number: number): number {
  let offset = mark.length;
  for (const { text, end } of lines.slice(0, number - 1)) offset += text.length + end.length;
  return offset;
}
