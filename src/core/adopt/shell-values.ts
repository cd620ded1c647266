import type { Change } from '../runbook/edit.ts';
import { placeholdersIn } from '../runbook/placeholders.ts';

/** Names that decide what programs run, or that Muster sets itself: no input may have one. */
const RESERVED =
  /^(?:PATH|HOME|SHELL|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|(?:LD|DYLD|NODE|ELECTRON|MUSTER)_.*)$/;

export interface ValueChange extends Change {
  input: string;
  written: string;
}

/** Where a line of a command stands in the text. */
export interface CommandLine {
  text: string;
  /** Offset of its first character. */
  offset: number;
}

/**
 * The placeholders of a command as the variables of inputs: `"$NAME"`, or what means the same inside
 * of quotes and here-documents. What no shell would expand, such as a comment, stays.
 */
export function valueChanges(lines: readonly CommandLine[]): ValueChange[] {
  const changes: ValueChange[] = [];
  let quote: string | null = null;
  let here: { end: string; expands: boolean } | null = null;
  for (const { text, offset } of lines) {
    if (here !== null && text.trim() === here.end) {
      here = null;
      continue;
    }
    const quotes: Quotes | null = here === null ? quotesOf(text, quote) : null;
    for (const { name, written, index } of placeholdersIn(text)) {
      const around = quotes === null ? null : quotes.at[index];
      if (around === '#' || here?.expands === false) continue;
      const input = RESERVED.test(name) ? `GUIDE_${name}` : name;
      const change =
        here !== null || around === '"'
          ? `\${${input}}`
          : around === "'"
            ? `'"$${input}"'`
            : `"$${input}"`;
      const start = offset + index;
      changes.push({ start, end: start + written.length, text: change, input, written });
    }
    if (quotes === null) continue;
    quote = quotes.after;
    const document: RegExpExecArray | null =
      quote === null ? /<<-?\s*(\\|['"]?)([A-Za-z_]\w{0,60})/.exec(text) : null;
    if (document?.[2] !== undefined) here = { end: document[2], expands: document[1] === '' };
  }
  return changes;
}

/** For each character the quote it stands in, `#` for a comment; and the quote open at the end. */
interface Quotes {
  at: (string | null)[];
  after: string | null;
}

function quotesOf(line: string, before: string | null): Quotes {
  const at: (string | null)[] = [];
  let quote = before;
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i] ?? '';
    at.push(quote);
    if (quote === '#') continue;
    if (char === '\\' && quote !== "'") {
      i += 1;
      at.push(quote);
    } else if (quote === null) {
      if (char === "'" || char === '"') quote = char;
      else if (char === '#' && (i === 0 || /\s/.test(line[i - 1] ?? ''))) quote = '#';
    } else if (char === quote) quote = null;
  }
  return { at, after: quote === '#' ? null : quote };
}
