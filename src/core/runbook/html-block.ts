/** The seven kinds of HTML block of CommonMark 0.31, section 4.6. */

/** Beyond this length a line is not looked at for a complete tag (kind 7): it is text. */
const LONGEST_TAG_LINE = 2000;

const BLOCK_TAGS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|' +
  'dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|' +
  'header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|' +
  'param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';

const RAW = /<(?:script|pre|style|textarea)(?:[\s>]|$)/iy;
const KNOWN = new RegExp(`</?(?:${BLOCK_TAGS})(?:\\s|/?>|$)`, 'iy');
const ATTRIBUTE = `\\s+[a-z_:][\\w.:-]*(?:\\s*=\\s*(?:[^"'=<>\`\\x00-\\x20]+|'[^']*'|"[^"]*"))?`;
const COMPLETE = new RegExp(
  `(?:<[a-z][a-z0-9-]*(?:${ATTRIBUTE})*\\s*/?>|</[a-z][a-z0-9-]*\\s*>)\\s*$`,
  'iy',
);

/** What ends the block: a text that a line holds, or the next blank line. */
export type HtmlEnd = 'raw' | '-->' | '?>' | '>' | ']]>' | 'blank';

/** The end of the HTML block that begins at `offset`, or null when none begins there. */
export function htmlStart(line: string, offset: number, inParagraph: boolean): HtmlEnd | null {
  if (matches(RAW, line, offset)) return 'raw';
  if (line.startsWith('<!--', offset)) return '-->';
  if (line.startsWith('<?', offset)) return '?>';
  if (line.startsWith('<![CDATA[', offset)) return ']]>';
  if (/^<![a-z]/i.test(line.slice(offset, offset + 3))) return '>';
  if (matches(KNOWN, line, offset)) return 'blank';
  // Any other complete tag alone on its line; it cannot interrupt a paragraph.
  if (inParagraph || line.length - offset > LONGEST_TAG_LINE) return null;
  return matches(COMPLETE, line, offset) ? 'blank' : null;
}

/** Whether `line` (from `offset` on) is the last of a block that ends with `end`. */
export function htmlEnds(line: string, offset: number, end: HtmlEnd): boolean {
  if (end === 'blank') return false;
  if (end === 'raw') return /<\/(?:script|pre|style|textarea)>/i.test(line.slice(offset));
  return line.indexOf(end, offset) >= 0;
}

function matches(pattern: RegExp, line: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(line);
}
