/** Largest text that is rendered as Markdown, in characters. */
const LARGEST = 1024 * 1024;
/** Largest paragraph or other stretch without a blank line, in characters. */
const LARGEST_BLOCK = 32 * 1024;
/** So many list and quote marks in a row, as no author writes them. */
const NESTED = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){30}/;
/** Deeper indentation than lists of any sense have. */
const INDENTED = /^(?: {4}|\t){30}/;

/**
 * True for Markdown whose rendering could take minutes: the renderer's time grows with the square
 * of some constructs. Such a text is exported as it is written.
 */
export function isHeavy(lines: readonly string[]): boolean {
  let whole = 0;
  let block = 0;
  for (const line of lines) {
    whole += line.length + 1;
    block = line.trim() === '' ? 0 : block + line.length + 1;
    if (whole > LARGEST || block > LARGEST_BLOCK) return true;
    if (NESTED.test(line) || INDENTED.test(line)) return true;
  }
  return false;
}
