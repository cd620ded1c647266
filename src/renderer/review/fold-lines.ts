import type { DiffLine } from '../../core/review/comparison.ts';

/** How many unchanged lines stand around a change. */
const CONTEXT = 3;

export interface Piece {
  /** Unchanged lines far from any change, shown when asked for. */
  folded: boolean;
  lines: DiffLine[];
}

/** The lines in pieces; every line is in exactly one of them, in order. */
export function piecesOf(lines: readonly DiffLine[]): Piece[] {
  const near = new Array<boolean>(lines.length).fill(false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    near.fill(true, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  const pieces: Piece[] = [];
  for (const [index, line] of lines.entries()) {
    const folded = near[index] !== true;
    const last = pieces.at(-1);
    if (last?.folded === folded) last.lines.push(line);
    else pieces.push({ folded, lines: [line] });
  }
  return pieces;
}
