/** What is laid out at once, in characters. */
const PIECE = 16 * 1024;

/** Cuts a text into pieces that can be laid out one by one, at the end of a line where there is one. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

function endOfPiece(text: string, from: number): number {
  const most = from + PIECE;
  if (most >= text.length) return text.length;
  const line = text.slice(from, most).lastIndexOf('\n');
  if (line >= 0) return from + line + 1;
  // A line longer than a piece: not between the two halves of a character.
  const half = text.charCodeAt(most - 1);
  return half >= 0xd800 && half < 0xdc00 ? most - 1 : most;
}
