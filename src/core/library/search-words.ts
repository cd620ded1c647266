/**
 * What somebody types into a search box, as words. The same words are looked up in the index and
 * marked in the text, so both cut a text in the same places: between letters or digits and
 * everything else, regardless of case and accents.
 */

/** One word, or several that follow each other in this order. */
export interface Term {
  /** Folded: lower case, no accents. */
  words: string[];
  /** The last word may be only the beginning of one. */
  open: boolean;
}

/** From `start` up to, not including, `end`: offsets as JavaScript counts them. */
export interface Mark {
  start: number;
  end: number;
}

/** More than anybody types; what follows is left out. */
const MOST_TERMS = 12;

/** `pg_dump "scale down" ord`: each word, what is in quotes as one, the last word begun. */
export function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  for (const [, quoted, plain] of query.slice(0, 1000).matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const words = wordsIn(fold((quoted ?? plain ?? '').normalize('NFC')));
    if (words.length > 0) terms.push({ words, open: quoted === undefined });
    if (terms.length === MOST_TERMS) break;
  }
  const last = terms.length - 1;
  return terms.map((term, index) => (index === last ? term : { ...term, open: false }));
}

/** The terms in the language of SQLite's FTS5. Only letters and digits get in, so it always parses. */
export function ftsQuery(terms: readonly Term[]): string {
  return terms.map(({ words, open }) => `"${words.join(' ')}"${open ? '*' : ''}`).join(' AND ');
}

/** Where `terms` stand in `text`, in order, without overlaps; at most `most` of them. */
export function marksIn(text: string, terms: readonly Term[], most = 20): Mark[] {
  const folded = fold(text);
  const marks = terms.flatMap((term) => placesOf(term, folded, most));
  marks.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Mark[] = [];
  for (const mark of marks) {
    if (mark.start >= (apart.at(-1)?.end ?? 0)) apart.push(mark);
  }
  return apart.slice(0, most);
}

function placesOf({ words, open }: Term, folded: string, most: number): Mark[] {
  const [first = ''] = words;
  const places: Mark[] = [];
  for (let at = folded.indexOf(first); at !== -1; at = folded.indexOf(first, at + 1)) {
    if (isWordAt(folded, at - 1)) continue;
    const end = endOf(words, open, folded, at);
    if (end !== null && places.push({ start: at, end }) >= most) break;
  }
  return places;
}

/** Where the words end that begin at `start`, or null when they are others. */
function endOf(
  words: readonly string[],
  open: boolean,
  folded: string,
  start: number,
): number | null {
  let at = start;
  for (const [index, word] of words.entries()) {
    while (index > 0 && at < folded.length && !isWordAt(folded, at)) at += 1;
    if (!folded.startsWith(word, at)) return null;
    at += word.length;
    const mayGoOn = open && index === words.length - 1;
    if (!mayGoOn && isWordAt(folded, at)) return null;
  }
  return at;
}

const letter = /[\p{L}\p{N}\p{M}\p{Co}]/u;

/** Whether the character at `at` belongs to a word. Half of a pair counts: letters beyond it are rare. */
function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return (code > 47 && code < 58) || (code > 96 && code < 123) || (code > 64 && code < 91);
  }
  if (Number.isNaN(code)) return false;
  return (code >= 0xd800 && code <= 0xdfff) || letter.test(text[at] ?? '');
}

function wordsIn(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}

/** Lower case without accents, and never longer or shorter, so that offsets stay true. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  // Some letters become two in lower case; then each is looked at by itself, as with accents.
  return lower.length === text.length && !accented.test(lower)
    ? lower
    : text.replace(/\P{ASCII}|[A-Z]/gu, folded);
}

const accented = /\P{ASCII}/u;

function folded(character: string): string {
  const plain = [...character.normalize('NFD')][0]?.toLowerCase() ?? character;
  return plain.length === character.length ? plain : character;
}
