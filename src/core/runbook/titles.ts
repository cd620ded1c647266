import { type AttributeList, headingAttributes } from './attributes.ts';
import type { Block, Heading, Item } from './blocks.ts';
import { badBraces, type FormatContext } from './fence-use.ts';
import { Findings } from './findings.ts';
import { openingParagraph } from './marks.ts';
import { plainText, shorten } from './plain-text.ts';
import { noSettings, readSettings } from './settings.ts';

/** Titles show on one line of a checklist. In characters. */
const LONGEST = 120;
/** A paragraph longer than this explains; it does not name. */
const LONGEST_LEAD_IN = 80;

/** The title of a heading without its attributes, and these. */
export function headingTitle(
  heading: Heading,
  context: FormatContext,
): { title: string; attributes: AttributeList['attributes'] } {
  const list = headingAttributes(heading.text, heading.line, heading.column);
  if (list === null || !isMeant(list, context)) {
    return { title: named(heading.text), attributes: [] };
  }
  if (list.fault !== null) badBraces(list.fault.place, list.fault.message, context.findings);
  return { title: named(list.before), attributes: list.attributes };
}

function named(markdown: string): string {
  return shorten(plainText(markdown), LONGEST) || 'Untitled';
}

/** In a plain guide braces at the end of a heading are attributes only when they read as such. */
function isMeant(list: AttributeList, context: FormatContext): boolean {
  if (context.format === 'muster') return true;
  if (list.fault !== null) return false;
  const settings = noSettings();
  readSettings(list.attributes, settings, { findings: new Findings(), strict: false });
  return settings.places.size > 0;
}

/** A numbered item's title, and whether it says all that the item's first paragraph says. */
export function itemTitle(item: Item, number: number): { title: string | null; whole: boolean } {
  const opening = openingParagraph(item);
  if (opening === null) {
    // An item that begins with its command is named by the command, an empty one by its number.
    const empty = item.children.length === 0;
    const fence = item.children[0]?.type === 'fence';
    return { title: fence ? null : `Step ${number}`, whole: empty };
  }
  const markdown = opening.text
    .slice(0, 20)
    .join(' ')
    .replace(/^\[[ xX]\]\s+/, '');
  const plain = plainText(markdown);
  const title = shorten(plain, LONGEST);
  const whole = opening.text.length === 1 && title === plain && !/[[\]`<>!\\&]/.test(markdown);
  return { title: title === '' ? `Step ${number}` : title, whole: whole && plain !== '' };
}

/** The title that a short paragraph before a fence gives it, or null. */
export function leadInTitle(block: Block | undefined): string | null {
  if (block?.type !== 'paragraph' || block.text.length !== 1) return null;
  const plain = plainText(block.text[0] ?? '').replace(/[\s:.,;]+$/, '');
  if (plain === '' || plain.length > LONGEST_LEAD_IN || /[.!?]\s/.test(plain)) return null;
  return plain;
}

/** A title from the code itself: its first comment, else its first command. */
export function codeTitle(code: readonly string[]): string {
  const lines = code.map((line) => line.trim()).filter((line) => line !== '');
  const comment = lines.find((line) => /^#(?!!)[^\p{L}\p{N}]*[\p{L}\p{N}]/u.test(line));
  if (comment !== undefined) {
    const text = comment.replace(/^[#\s=*-]+/, '').replace(/[\s:=*#-]+$/, '');
    if (text !== '') return shorten(text, LONGEST_LEAD_IN);
  }
  const command = lines.find((line) => !line.startsWith('#'));
  return command === undefined ? 'Untitled' : shorten(command, 60);
}
