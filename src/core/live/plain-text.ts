import { readableOutput } from '../ledger/readable.ts';

/**
 * A text of somebody else's system, fit to be shown: one line without control sequences, with what
 * hides or turns text made visible, and at most `most` characters.
 */
export function plainText(text: string, most: number): string {
  const line = readableOutput(text.slice(0, most * 2))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A line of a log in the same way; its spaces stay. */
export function plainLine(text: string, most: number): string {
  const line = readableOutput(text.slice(0, most * 2)).replaceAll('\n', ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
