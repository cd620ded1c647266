/** Beyond this, in characters, a text is no prose that somebody wrote. */
const LONGEST = 32 * 1024;
/** So many list and quote marks in a row, as no author writes them, take minutes to lay out. */
const nested = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){20}/m;

/** True for Markdown whose layout would hold the window up; it is shown as it is written. */
export function isHeavy(markdown: string): boolean {
  return markdown.length > LONGEST || nested.test(markdown);
}
