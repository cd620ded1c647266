import type { Place } from './findings.ts';

/**
 * Attributes in braces, at the end of a fence's info string or of a heading:
 *
 *     {id=load risk=destructive timeout=20m capture="ROWS=/(\d+) rows/" interactive}
 *     { name=load interactive=false }          as Runme writes them
 *     {"name":"load","interactive":"false"}    and its other spelling
 *     {#load .class}                           ids of other Markdown dialects, in headings
 *
 * A value in quotes ends at the next such quote; a backslash keeps a quote, and is itself otherwise,
 * so that a pattern is written as it is. A key without a value is a flag.
 */
export interface Attribute {
  key: string;
  /** Null for a flag. */
  value: string | null;
  place: Place;
}

export interface AttributeList {
  /** The text before the brace, trimmed. */
  before: string;
  attributes: Attribute[];
  /** Where and why the braces cannot be read, or null. */
  fault: { place: Place; message: string } | null;
}

/** A line of attributes longer than this is data, not attributes. */
const LONGEST = 4000;
/** A heading with more braces than this ends in no attributes. */
const MOST_BRACES = 8;

/** Splits the info string of a fence; `column` is that of its first character, from 1. */
export function fenceAttributes(info: string, line: number, column: number): AttributeList {
  const brace = info.indexOf('{');
  if (brace < 0) return { before: info.trim(), attributes: [], fault: null };
  const before = info.slice(0, brace).trim();
  return { before, ...readBraces(info.slice(brace), line, column + brace) };
}

/** The attributes at the end of a heading, or null when it ends in none. */
export function headingAttributes(
  text: string,
  line: number,
  column: number,
): AttributeList | null {
  if (!text.endsWith('}') || text.length > LONGEST) return null;
  let last: AttributeList | null = null;
  let tries = 0;
  // The first brace from which the rest reads as attributes; texts in quotes may hold braces too.
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
    if (open > 0 && !/\s/.test(text[open - 1] ?? '')) continue;
    last = {
      before: text.slice(0, open).trim(),
      ...readBraces(text.slice(open), line, column + open),
    };
    tries += 1;
    if (last.fault === null || tries >= MOST_BRACES) return last;
  }
  return last;
}

type Braces = Pick<AttributeList, 'attributes' | 'fault'>;

function readBraces(text: string, line: number, column: number): Braces {
  if (text.length > LONGEST) {
    return fault({ line, column }, `attributes are longer than ${LONGEST} characters`);
  }
  return readJson(text, line, column) ?? readPairs(text, line, column);
}

function fault(place: Place, message: string): Braces {
  return { attributes: [], fault: { place, message } };
}

function readJson(text: string, line: number, column: number): Braces | null {
  if (!/^\{\s*"/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault({ line, column }, 'the attributes are not valid JSON');
  }
  if (typeof value !== 'object' || value === null) return null;
  const attributes = Object.entries(value).map(([key, entry]) => ({
    key,
    value: typeof entry === 'string' ? entry : JSON.stringify(entry),
    place: { line, column: column + Math.max(0, text.indexOf(JSON.stringify(key))) },
  }));
  return { attributes, fault: null };
}

function readPairs(text: string, line: number, column: number): Braces {
  const attributes: Attribute[] = [];
  let at = 1;
  for (;;) {
    while (at < text.length && /[\s,]/.test(text[at] ?? '')) at += 1;
    const place = { line, column: column + at };
    if (at >= text.length) {
      return { attributes, fault: { place, message: 'the closing brace is missing' } };
    }
    if (text[at] === '}') break;
    const key = /^[^\s,={}"']+/.exec(text.slice(at))?.[0];
    if (key === undefined) {
      return { attributes, fault: { place, message: `"${text[at]}" stands where a name should` } };
    }
    at += key.length;
    if (text[at] !== '=') {
      attributes.push(flag(key, place));
      continue;
    }
    const value = readValue(text, at + 1);
    if (value === null) {
      return { attributes, fault: { place, message: `the value of "${key}" does not end` } };
    }
    attributes.push({ key, value: value.text, place });
    at = value.end;
  }
  if (text.slice(at + 1).trim() !== '') {
    const place = { line, column: column + at + 1 };
    return { attributes, fault: { place, message: 'text follows the closing brace' } };
  }
  return { attributes, fault: null };
}

/** `#name` is an id; `.name` a class, which only matters to other programs. */
function flag(key: string, place: Place): Attribute {
  if (key.startsWith('#') && key.length > 1) return { key: 'id', value: key.slice(1), place };
  return { key, value: null, place };
}

function readValue(text: string, from: number): { text: string; end: number } | null {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") {
    let end = from;
    while (end < text.length && !/[\s,}]/.test(text[end] ?? '')) end += 1;
    return { text: text.slice(from, end), end };
  }
  let value = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && text[at + 1] === quote) {
      value += quote;
      at += 1;
    } else if (text[at] === quote) {
      return { text: value, end: at + 1 };
    } else {
      value += text[at];
    }
  }
  return null;
}
