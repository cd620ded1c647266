import { countLines } from './count-lines.ts';
import type { Stream } from './output.ts';

export interface EndPiece {
  stream: Stream;
  bytes: Uint8Array;
}

/** How much was let go, in bytes and line ends. */
export interface LeftOut {
  bytes: number;
  lines: number;
}

/** The last bytes of an output, in memory; what is older is let go and counted. */
export class OutputEnd {
  readonly #limit: number;
  #pieces: EndPiece[] = [];
  #size = 0;
  /** What was let go last ended within a line. */
  #isInLine = false;
  readonly leftOut: LeftOut = { bytes: 0, lines: 0 };

  /** Keeps up to `limit` bytes, and until `take` up to one more piece. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `bytes` is kept as it is, not copied. */
  add(stream: Stream, bytes: Uint8Array): void {
    this.#pieces.push({ stream, bytes });
    this.#size += bytes.length;
    let first = this.#pieces[0];
    let gone = 0;
    while (first && this.#size - first.bytes.length >= this.#limit) {
      this.#letGo(first.bytes);
      gone += 1;
      first = this.#pieces[gone];
    }
    if (gone > 0) this.#pieces.splice(0, gone);
  }

  /** Something was missed: all before it goes too, so that there is one gap and no more. */
  breakOff(missed: LeftOut): void {
    for (const { bytes } of this.#pieces.splice(0)) this.#letGo(bytes);
    this.leftOut.bytes += missed.bytes;
    this.leftOut.lines += missed.lines;
    // Nobody knows how it ended: what comes is not cut for that.
    this.#isInLine = false;
  }

  /** Takes all of it out. After a gap it begins with a line, or at least with a character. */
  take(): EndPiece[] {
    const over = this.#size - this.#limit;
    const first = this.#pieces[0];
    if (first && (over > 0 || this.#isInLine)) {
      const from = beginning(first.bytes, Math.max(0, over));
      this.#letGo(first.bytes.subarray(0, from));
      this.#pieces[0] = { ...first, bytes: first.bytes.subarray(from) };
    }
    this.#size = 0;
    return this.#pieces.splice(0).filter(({ bytes }) => bytes.length > 0);
  }

  #letGo(bytes: Uint8Array): void {
    this.#size -= bytes.length;
    this.leftOut.bytes += bytes.length;
    this.leftOut.lines += countLines(bytes);
    this.#isInLine = bytes.at(-1) !== newline;
  }
}

const newline = 10;

/** A line that is longer than this is cut, in bytes. */
const LONGEST_LOOK = 4096;

/** Where to cut at or after `from`: behind a line end if one is near, else between characters. */
function beginning(bytes: Uint8Array, from: number): number {
  if (bytes[from - 1] === newline) return from;
  const lineEnd = bytes.subarray(from, from + LONGEST_LOOK).indexOf(newline);
  if (lineEnd >= 0) return from + lineEnd + 1;
  let at = from;
  while (at < Math.min(from + 3, bytes.length) && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
