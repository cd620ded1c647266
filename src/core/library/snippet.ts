import { type Mark, marksIn, type Term } from './search-words.ts';

/** A piece of a text with what was searched for in it. */
export interface Marked {
  text: string;
  marks: Mark[];
}

/** Longest snippet, and how much of it stands before the first mark, in characters. */
const LENGTH = 160;
const LEAD = 40;

/** The line of `text` with most of the terms, cut to a readable length; null when none has any. */
export function snippetOf(text: string, terms: readonly Term[]): Marked | null {
  const marks = marksIn(text, terms);
  const [first] = marks;
  if (first === undefined) return null;
  const best = bestLine(text, marks, first);
  return markedOf(cut(text, lineAround(text, best.start), best), terms);
}

/** The mark with whose line to begin: the line that holds most marks, the first of equals. */
function bestLine(text: string, marks: readonly Mark[], first: Mark): Mark {
  let best = first;
  let most = 0;
  for (const mark of marks) {
    const { start, end } = lineAround(text, mark.start);
    const held = marks.filter((other) => other.start >= start && other.end <= end).length;
    if (held > most) {
      best = mark;
      most = held;
    }
  }
  return best;
}

function lineAround(text: string, at: number): Mark {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end === -1 ? text.length : end };
}

function cut(text: string, line: Mark, mark: Mark): string {
  const start = Math.max(line.start, Math.min(mark.start - LEAD, line.end - LENGTH));
  const from = start === line.start ? start : wordStart(text, start, mark.start);
  const to = Math.min(line.end, from + LENGTH);
  const end = to < line.end ? '…' : '';
  return `${from > line.start ? '…' : ''}${text.slice(from, to).trim()}${end}`;
}

/** The start of the next word, so that no snippet begins in the middle of one. */
function wordStart(text: string, from: number, before: number): number {
  const space = text.indexOf(' ', from);
  return space === -1 || space >= before ? from : space + 1;
}

/** A short text as a whole, marked. */
export function markedOf(text: string, terms: readonly Term[]): Marked {
  return { text, marks: marksIn(text, terms) };
}
