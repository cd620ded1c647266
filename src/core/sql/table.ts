/** What a cell can hold; null is SQL's. */
export type Cell = string | number | boolean | null;

/** A cell longer than this is cut where it is shown, in characters. */
const WIDEST = 60;

/**
 * Rows as lines of text, numbers to the right, one header and one rule:
 *
 *     status  | orders
 *     --------+-------
 *     paid    |   1204
 */
export function tableLines(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const shown = rows.map((row) => columns.map((_, index) => cellText(row[index] ?? null)));
  const widths = columns.map((name, index) =>
    Math.max(lengthOf(name), ...shown.map((row) => lengthOf(row[index] ?? ''))),
  );
  const toRight = columns.map((_, index) => rows.every((row) => isNumeric(row[index] ?? null)));
  const line = (cells: readonly string[], align: boolean): string =>
    cells
      .map((cell, index) => {
        const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)));
        return align && toRight[index] === true ? gap + cell : cell + gap;
      })
      .join(' | ')
      .trimEnd();
  return [
    line(columns, false),
    widths.map((width) => '-'.repeat(width)).join('-+-'),
    ...shown.map((row) => line(row, true)),
  ];
}

function cellText(cell: Cell): string {
  if (cell === null) return 'NULL';
  const text = [...String(cell)].map(visible).join('');
  return lengthOf(text) > WIDEST ? `${[...text].slice(0, WIDEST - 1).join('')}…` : text;
}

/** Line breaks and control characters would break the table, or the terminal that shows it. */
function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\n') return '⏎';
  return code < 32 || (code >= 127 && code < 160) ? ' ' : char;
}

function lengthOf(text: string): number {
  return [...text].length;
}

function isNumeric(cell: Cell): boolean {
  return typeof cell === 'number' || cell === null || /^-?\d+(\.\d+)?$/.test(String(cell));
}
