import { readSync } from 'node:fs';

/** The most that is read on in one turn of the event loop, in bytes. */
const TURN_BYTES = 128 * 1024;

/** One for all terminals: what was read is text before anybody reads again. */
const buffer = Buffer.allocUnsafeSlow(TURN_BYTES);

/**
 * Makes text of what a pseudo-terminal's stream gives, and reads on in the same turn. The system
 * hands out 4 KB at a time, and a turn of the event loop for each costs four times what the reading
 * costs: a flood would wait for this process and not for the view.
 */
export class PtyReader {
  readonly #file: number | null;
  // Not taken for a mark of the byte order: a process may well print that character.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `file`: the descriptor of a pseudo-terminal that does not block; null to only make text. */
  constructor(file: number | null) {
    this.#file = file;
  }

  /**
   * To be called with each piece when the stream gives it: a terminal's stream keeps no second one
   * back, so what is read here comes next. Its descriptor is sure to be open only then.
   */
  text(bytes: Uint8Array): string {
    const first = this.#decoder.decode(bytes, { stream: true });
    const more = this.#file === null ? 0 : readOn(this.#file);
    if (more === 0) return first;
    return first + this.#decoder.decode(buffer.subarray(0, more), { stream: true });
  }
}

/** Fills the buffer with what is there; the number of bytes. */
function readOn(file: number): number {
  let filled = 0;
  try {
    while (filled < TURN_BYTES) {
      const read = readSync(file, buffer, filled, TURN_BYTES - filled, null);
      if (read === 0) break;
      filled += read;
    }
  } catch {
    // Nothing more for now, or the end, which the stream finds by itself.
  }
  return filled;
}
