/** No title or table cell needs more; the bound keeps the patterns below cheap on any text. */
const LONGEST = 1000;

const TAGS =
  /<\/?(?:a|abbr|b|br|code|em|font|i|img|kbd|mark|s|small|span|strong|sub|sup|u)\b[^<>]*>/gi;

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};

/**
 * What a reader sees of one piece of inline Markdown: emphasis, links, code marks and escapes
 * taken away, white space joined. Angle brackets that are no known tag stay, because in a guide
 * `<pod-name>` is something the reader must replace.
 */
export function plainText(markdown: string): string {
  const text = markdown.length > LONGEST ? markdown.slice(0, LONGEST) : markdown;
  // Every second piece is the inside of a code span, which is literal.
  const pieces = splitCode(text);
  const plain = pieces.map((piece, i) => (i % 2 === 1 ? piece.trim() : stripMarks(piece))).join('');
  return plain.replace(/\s+/g, ' ').trim();
}

function splitCode(text: string): string[] {
  const pieces: string[] = [];
  const span = /(?<!`)(`{1,8})(?!`)(.+?)(?<!`)\1(?!`)/gs;
  let from = 0;
  for (const match of text.matchAll(span)) {
    pieces.push(text.slice(from, match.index), match[2] ?? '');
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

function stripMarks(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, (_, char: string) => hide(char))
    .replace(/!?\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])/g, '$1')
    .replace(/<(https?:\/\/[^<>\s]+)>/g, '$1')
    .replace(TAGS, '')
    .replace(/(\*\*|__|~~)/g, '')
    .replace(/\*([^*\s](?:[^*]*[^*\s])?)\*/g, '$1')
    .replace(/(?<![\p{L}\p{N}_])_([^_\s](?:[^_]*[^_\s])?)_(?![\p{L}\p{N}_])/gu, '$1')
    .replace(/(?<![*\p{L}\p{N}])\*(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.:!?)])\*(?![*\p{L}\p{N}])/gu, '')
    .replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/[\u{F0000}-\u{F007F}]/gu, (char) =>
      String.fromCharCode((char.codePointAt(0) ?? 0xf0000) - 0xf0000),
    );
}

/** An escaped character waits in a private plane until the marks are gone. */
function hide(char: string): string {
  return String.fromCodePoint(0xf0000 + char.charCodeAt(0));
}

/** `text` cut at a word to at most `most` characters, with an ellipsis where it was cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
