/** Rows of GFM tables. */

/** A longer line is no delimiter row that anybody wrote. In characters. */
const LONGEST_DELIMITER_ROW = 5000;

/** Whether the line can be the second of a table: dashes, colons and pipes alone. */
export function isDelimiterRow(text: string): boolean {
  if (text.length > LONGEST_DELIMITER_ROW) return false;
  const line = text.trimEnd();
  const first = line[0];
  if (first !== '|' && first !== '-' && first !== ':') return false;
  if (!line.includes('|') && !line.includes(':')) return false;
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i];
    if (char !== '|' && char !== '-' && char !== ':' && char !== ' ' && char !== '\t') return false;
  }
  return splitCells(line).every((cell) => /^:?-+:?$/.test(cell));
}

/** The cells of a row: text between unescaped pipes, trimmed, the outer pipes optional. */
export function splitCells(text: string): string[] {
  const row = text.trim();
  const cells: string[] = [];
  let from = row.startsWith('|') ? 1 : 0;
  for (let i = from; i < row.length; i += 1) {
    if (row[i] === '\\') i += 1;
    else if (row[i] === '|') {
      cells.push(cell(row.slice(from, i)));
      from = i + 1;
    }
  }
  if (from < row.length) cells.push(cell(row.slice(from)));
  return cells;
}

export function countCells(text: string): number {
  return splitCells(text).length;
}

function cell(text: string): string {
  return text.trim().replaceAll('\\|', '|');
}
