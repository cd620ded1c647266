/**
 * True when `text` is the canonical form of some value, to the character; see `canonical.ts`.
 * Takes one pass and makes no value, so that a ledger can be checked without parsing it. Text that
 * is nested deeper than any event is called not canonical, and is parsed then.
 */
export function isCanonical(text: string): boolean {
  return endOfValue(text, 0, 0) === text.length;
}

const deepest = 64;
const no = -1;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;

/** Where the canonical value that begins at `at` ends, or -1. */
function endOfValue(text: string, at: number, depth: number): number {
  if (depth > deepest) return no;
  switch (text[at]) {
    case '"':
      return endOfString(text, at);
    case '{':
      return endOfObject(text, at, depth);
    case '[':
      return endOfArray(text, at, depth);
    case 't':
      return text.startsWith('true', at) ? at + 4 : no;
    case 'f':
      return text.startsWith('false', at) ? at + 5 : no;
    case 'n':
      return text.startsWith('null', at) ? at + 4 : no;
    default:
      return endOfNumber(text, at);
  }
}

function endOfObject(text: string, start: number, depth: number): number {
  let at = start + 1;
  if (text[at] === '}') return at + 1;
  let before: string | null = null;
  for (;;) {
    if (text.charCodeAt(at) !== quote) return no;
    const keyEnd = endOfString(text, at);
    if (keyEnd === no || text.charCodeAt(keyEnd) !== colon) return no;
    const key = keyBetween(text, at, keyEnd);
    if (before !== null && before >= key) return no;
    before = key;
    at = endOfValue(text, keyEnd + 1, depth + 1);
    if (at === no) return no;
    if (text.charCodeAt(at) !== comma) return text[at] === '}' ? at + 1 : no;
    at += 1;
  }
}

function endOfArray(text: string, start: number, depth: number): number {
  let at = start + 1;
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = endOfValue(text, at, depth + 1);
    if (at === no) return no;
    if (text.charCodeAt(at) !== comma) return text[at] === ']' ? at + 1 : no;
    at += 1;
  }
}

function endOfString(text: string, start: number): number {
  let isPlain = true;
  let at = start + 1;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) break;
    // Beyond the end the code is NaN.
    if (!(code >= 0x20)) return no;
    if (code === backslash) {
      isPlain = false;
      at += 1;
    } else if (code >= 0xd800 && code <= 0xdfff) isPlain = false;
  }
  return isPlain || isAsWritten(text.slice(start, at + 1)) ? at + 1 : no;
}

function endOfNumber(text: string, start: number): number {
  let at = start;
  while ('+-.0123456789e'.includes(text[at] ?? ' ')) at += 1;
  const number = text.slice(start, at);
  return number !== '' && String(Number(number)) === number ? at : no;
}

function keyBetween(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes('\\') ? String(JSON.parse(`"${key}"`)) : key;
}

/** For the few strings with escapes or surrogates: the same again when written again. */
function isAsWritten(quoted: string): boolean {
  try {
    return JSON.stringify(JSON.parse(quoted)) === quoted;
  } catch {
    return false;
  }
}
