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
