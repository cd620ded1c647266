import { fenceAttributes, headingAttributes } from './attributes.ts';

/**
 * The text of a fence's info string or of a heading with one attribute set or taken out. All other
 * characters stay. Null where that cannot be done: braces that cannot be read, or a value that the
 * format cannot write.
 */
export interface AttributeEdit {
  /** Null for a flag; undefined takes the attribute out. */
  value: string | null | undefined;
  key: string;
}

type Holder = 'fence' | 'heading';

/** One attribute in braces; offsets in the text that was read. */
interface Span {
  key: string;
  start: number;
  end: number;
}

export function editAttribute(text: string, holder: Holder, edit: AttributeEdit): string | null {
  const before = read(text, holder);
  if (before === null || !canBeWritten(edit.value)) return null;
  const edited =
    before.open < 0
      ? edit.value === undefined
        ? text
        : append(text, edit)
      : inBraces(text, before.open, edit);
  const wanted = before.attributes.filter(({ key }) => key !== edit.key);
  const had = wanted.length < before.attributes.length;
  const after = read(edited, holder);
  if (after === null) return null;
  // Whatever is odd about the braces: only what reads back as meant is ever written.
  const rest = after.attributes.filter(({ key }) => key !== edit.key);
  const own = after.attributes.filter(({ key }) => key === edit.key);
  const isSame = JSON.stringify(rest) === JSON.stringify(wanted);
  if (edit.value === undefined) {
    return isSame && own.length === 0 ? (had ? edited : text) : null;
  }
  const value = own[0]?.value;
  const isMeant = own.length === 1 && (value ?? 'true') === (edit.value ?? 'true');
  return isSame && isMeant ? edited : null;
}

function read(
  text: string,
  holder: Holder,
): { open: number; attributes: { key: string; value: string | null }[] } | null {
  const list = holder === 'fence' ? fenceAttributes(text, 1, 1) : headingAttributes(text, 1, 1);
  if (list === null) return { open: -1, attributes: [] };
  if (list.fault !== null) return holder === 'heading' ? { open: -1, attributes: [] } : null;
  const open = text.indexOf('{', holder === 'heading' ? list.before.length : 0);
  return {
    open,
    attributes: list.attributes.map(({ key, value }) => ({ key, value })),
  };
}

function canBeWritten(value: string | null | undefined): boolean {
  return value == null || (!/[`\r\n\0]/.test(value) && !value.endsWith('\\') && value !== '');
}

function append(text: string, edit: AttributeEdit): string {
  const kept = text.trimEnd();
  return `${kept} {${pair(edit)}}${text.slice(kept.length)}`;
}

function pair({ key, value }: AttributeEdit): string {
  return value == null ? key : `${key}=${written(value)}`;
}

function written(value: string): string {
  return /^[\w./:+@-]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`;
}

function inBraces(text: string, open: number, edit: AttributeEdit): string {
  const json = /^\{\s*"/.test(text.slice(open));
  const spans = json ? jsonSpans(text, open) : pairSpans(text, open);
  const own = spans.filter(({ key }) => key === edit.key);
  const first = own[0];
  if (edit.value === undefined) {
    return own.reduceRight((rest, span) => without(rest, open, span, own.length, spans), text);
  }
  const value = json
    ? `${JSON.stringify(edit.key)}:${JSON.stringify(edit.value ?? 'true')}`
    : pair(edit);
  if (first !== undefined) return text.slice(0, first.start) + value + text.slice(first.end);
  const last = spans.at(-1);
  if (last === undefined) return `${text.slice(0, open + 1)}${value}${text.slice(open + 1)}`;
  return `${text.slice(0, last.end)}${json ? ',' : ' '}${value}${text.slice(last.end)}`;
}

/** Takes one attribute out with the white space before it, and braces that are empty then. */
function without(
  text: string,
  open: number,
  span: Span,
  own: number,
  spans: readonly Span[],
): string {
  if (spans.length === own && span === spans[0]) {
    const head = text.slice(0, open);
    return head.trimEnd() + text.slice(text.indexOf('}', span.end) + 1);
  }
  let { start, end } = span;
  if (span === spans[0]) while (/[\s,]/.test(text[end] ?? '')) end += 1;
  else while (/[\s,]/.test(text[start - 1] ?? '')) start -= 1;
  return text.slice(0, start) + text.slice(end);
}

function pairSpans(text: string, open: number): Span[] {
  const spans: Span[] = [];
  let at = open + 1;
  for (;;) {
    while (/[\s,]/.test(text[at] ?? '')) at += 1;
    const start = at;
    const name = /^[^\s,={}"']+/.exec(text.slice(at))?.[0];
    if (name === undefined) return spans;
    at += name.length;
    if (text[at] === '=') at = valueEnd(text, at + 1);
    const key = name.startsWith('#') && name.length > 1 ? 'id' : name;
    spans.push({ key, start, end: at });
  }
}

function valueEnd(text: string, from: number): number {
  const quote = text[from];
  let at = from;
  if (quote !== '"' && quote !== "'") {
    while (at < text.length && !/[\s,}]/.test(text[at] ?? '')) at += 1;
    return at;
  }
  for (at += 1; at < text.length && text[at] !== quote; at += 1) {
    if (text[at] === '\\' && text[at + 1] === quote) at += 1;
  }
  return at + 1;
}

/** The members of the outer object; its text is known to be valid JSON. */
function jsonSpans(text: string, open: number): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let start = -1;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') {
      if (depth === 1 && start < 0) start = at;
      at += jsonStringEnd(text.slice(at)) - 1;
    } else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (start >= 0 && ((depth === 1 && char === ',') || depth === 0)) {
      const member = text.slice(start, at).trimEnd();
      const name: unknown = JSON.parse(member.slice(0, jsonStringEnd(member)));
      spans.push({ key: String(name), start, end: start + member.length });
      start = -1;
    }
    if (depth === 0) break;
  }
  return spans;
}

function jsonStringEnd(text: string): number {
  let at = 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
