/** What is kept of a terminal to rebuild its view, in characters and in lines. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LINES = 10_000;

interface Piece {
  data: string;
  lines: number;
}

/** Keeps the last stretch of what a terminal showed, so that a reloaded view can draw it again. */
export class Replay {
  #pieces: Piece[] = [];
  #characters = 0;
  #lines = 0;

  add(data: string): void {
    let lines = 0;
    for (let at = data.indexOf('\n'); at !== -1; at = data.indexOf('\n', at + 1)) lines += 1;
    this.#pieces.push({ data, lines });
    this.#characters += data.length;
    this.#lines += lines;
    this.#trim();
  }

  text(): string {
    return this.#pieces.map((piece) => piece.data).join('');
  }

  // Whole pieces go, oldest first; the newest always stays.
  #trim(): void {
    let drop = 0;
    while (
      drop < this.#pieces.length - 1 &&
      (this.#characters > MAX_CHARACTERS || this.#lines > MAX_LINES)
    ) {
      const piece = this.#pieces[drop];
      if (piece === undefined) break;
      this.#characters -= piece.data.length;
      this.#lines -= piece.lines;
      drop += 1;
    }
    if (drop > 0) this.#pieces = this.#pieces.slice(drop);
  }
}
