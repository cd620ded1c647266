/** Reads one line from left to right in columns, as CommonMark counts them: tab stops every 4. */
export class LineReader {
  text = '';
  offset = 0;
  column = 0;
  /** The tab at `offset` is used up in part. */
  #partialTab = false;
  #nextOffset = 0;
  #nextColumn = 0;

  reset(text: string): void {
    this.text = text;
    this.offset = 0;
    this.column = 0;
    this.#partialTab = false;
    this.#nextOffset = 0;
    this.#nextColumn = 0;
    this.#findNext();
  }

  /** Offset of the next character that is no space or tab. */
  get next(): number {
    return this.#nextOffset;
  }

  /** Columns of white space before it. */
  get indent(): number {
    return this.#nextColumn - this.column;
  }

  get blank(): boolean {
    return this.#nextOffset >= this.text.length;
  }

  /** Moves to the next character that is no space or tab. */
  skipIndent(): void {
    this.offset = this.#nextOffset;
    this.column = this.#nextColumn;
    this.#partialTab = false;
  }

  /** Moves on by `columns`; part of a tab may be used up. */
  advance(columns: number): void {
    let left = columns;
    while (left > 0 && this.offset < this.text.length) {
      if (this.text[this.offset] === '\t') {
        const toStop = 4 - (this.column % 4);
        this.#partialTab = toStop > left;
        const step = Math.min(toStop, left);
        this.column += step;
        left -= step;
        if (!this.#partialTab) this.offset += 1;
      } else {
        this.#partialTab = false;
        this.offset += 1;
        this.column += 1;
        left -= 1;
      }
    }
    if (this.offset > this.#nextOffset) this.#findNext();
  }

  /** Whether a space or a tab stands here. */
  get atSpace(): boolean {
    const char = this.text[this.offset];
    return char === ' ' || char === '\t';
  }

  /** The rest of the line, the unused part of a tab as spaces. */
  rest(): string {
    if (!this.#partialTab) return this.text.slice(this.offset);
    return ' '.repeat(4 - (this.column % 4)) + this.text.slice(this.offset + 1);
  }

  #findNext(): void {
    let offset = this.offset;
    let column = this.column;
    while (offset < this.text.length) {
      const char = this.text.charCodeAt(offset);
      if (char === 32) column += 1;
      else if (char === 9) column += 4 - (column % 4);
      else break;
      offset += 1;
    }
    this.#nextOffset = offset;
    this.#nextColumn = column;
  }
}
